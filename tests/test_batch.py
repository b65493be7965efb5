"""Many files through one command: each in its place, failures apart, again only what has changed; anywhere the same."""

from __future__ import annotations

import json
import os
import shutil
import signal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from budgetgen.app.batch import engine, tasks
from budgetgen.app.batch.engine import BatchRun, InterruptedRunError, run
from budgetgen.app.batch.executors import LostError, runner
from budgetgen.app.batch.inputs import jobs_of
from budgetgen.app.batch.jobs import JobOutcome, Options, labels, places
from budgetgen.app.cli import build as command
from budgetgen.app.pipeline.build import Built
from budgetgen.app.pipeline.inputs import examine
from budgetgen.app.pipeline.unit_files import Sources, read_files
from budgetgen.values.findings import UnusableInputError
from tests import commands
from tests.conftest import SAMPLES
from tests.deaths import doubled

UNITS = SAMPLES / "department-2024"
OFFICE = "乌鲁木齐市科学技术局（本级）"


@pytest.fixture
def units(tmp_path):
    """Two units, one of them in a folder of its own, and a file that is no workbook."""
    folder = tmp_path / "报送"
    (folder / "中心").mkdir(parents=True)
    shutil.copy(UNITS / "xinjiang-2024-information.xlsx", folder / "中心" / "信息.xlsx")
    shutil.copy(UNITS / "xinjiang-2024-transfer.xlsx", folder / "转化.xlsx")
    (folder / "坏.xlsx").write_text("不是工作簿")
    (folder / "~$转化.xlsx").write_text("锁")
    return folder


def made(folder):
    """Every output but the tables → its bytes."""
    files = (path for path in folder.rglob("*") if path.is_file() and "情况" not in path.name)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def told(folder, name="生成情况"):
    """File → state and whether it was done, as the table for programs tells."""
    return {
        one["file"]: (one["state"], one["again"])
        for one in json.loads((folder / f"{name}.json").read_text())["files"]
    }


def test_each_file_is_done_in_its_place_and_a_failure_stops_no_other(units, tmp_path):
    out = tmp_path / "公开"
    code, shown = commands.run("build", units, "-o", out, "--workers", 1)
    assert code == 2
    assert sorted(made(out)) == [
        "中心/信息/2024年乌鲁木齐科技信息服务中心单位预算公开.docx",
        "中心/信息/2024年乌鲁木齐科技信息服务中心单位预算公开（补全）.xlsx",
        "中心/信息/结果.txt",
        "坏/结果.txt",
        "转化/2024年乌鲁木齐市技术创新研发与科技成果转化中心单位预算公开.docx",
        "转化/2024年乌鲁木齐市技术创新研发与科技成果转化中心单位预算公开（补全）.xlsx",
        "转化/结果.txt",
    ]
    assert "合计 3 个：完成 2 个，不能用 1 个" in shown
    rows = list(load_workbook(out / "生成情况.xlsx").active.iter_rows(min_row=3, max_col=3, values_only=True))
    assert rows == [
        ("中心/信息.xlsx", "乌鲁木齐科技信息服务中心", "完成"),
        ("坏.xlsx", None, "不能用"),
        ("转化.xlsx", "乌鲁木齐市技术创新研发与科技成果转化中心", "完成"),
    ]
    alone = tmp_path / "单独"
    assert commands.run("build", units / "转化.xlsx", "-o", alone)[0] == 0
    assert {path.name: path.read_bytes() for path in alone.iterdir()}.items() <= {
        Path(name).name: data for name, data in made(out).items()
    }.items()


def test_a_pdf_that_is_not_as_its_workbook_fails_by_itself_and_among_many(units, tmp_path, monkeypatch):
    """Though everything is written: what is not to be published is told where anybody looks, and by the code."""
    out, told = tmp_path / "公开", Built(None, doubts=4).doubtful

    def proved(path, folder, **options):
        return Built(examine(path), (folder / "公开.docx",), doubts=4 if path.name == "信息.xlsx" else 0)

    monkeypatch.setattr(tasks, "build", proved)
    monkeypatch.setattr(command, "build", proved)
    (units / "坏.xlsx").unlink()
    code, shown = commands.run("build", units, "-o", out, "--workers", 1)
    assert (code, shown.count(told)) == (1, 1)
    assert "合计 2 个：完成 1 个，未通过 1 个" in shown
    listed = load_workbook(out / "生成情况.xlsx").active.iter_rows(min_row=3, values_only=True)
    assert {(row[0], row[2], told in (row[7] or "")) for row in listed} == {
        ("中心/信息.xlsx", "未通过", True),
        ("转化.xlsx", "完成", False),
    }
    assert told in (out / "中心" / "信息" / "结果.txt").read_text()
    assert told not in (out / "转化" / "结果.txt").read_text()
    code, shown = commands.run("build", units, "-o", out, "--workers", 1, "--format", "json")
    assert (code, [(one["state"], one["remark"]) for one in json.loads(shown)["files"]]) == (
        1,
        [("failed", told), ("done", "")],
    )
    code, shown = commands.run("build", units / "中心" / "信息.xlsx", "-o", tmp_path)
    assert (code, shown.count(told)) == (1, 1)
    assert commands.run("build", units / "转化.xlsx", "-o", tmp_path)[0] == 0


def counted(monkeypatch, states):
    """A stand-in for the command: the state of each file by its first line; which were done."""
    done = []

    def perform(job):
        done.append(job.label)
        word = Path(job.files[0].path).read_text().split("\n")[0]
        return JobOutcome(states.get(word, "done"), unit=word, files=((f"{word}.txt", word.encode()),))

    monkeypatch.setattr(engine, "perform", perform)
    return done


@pytest.fixture
def texts(tmp_path):
    """Files of one word each, and the run over them."""
    for name in "甲乙丙":
        (tmp_path / f"{name}.xlsx").write_text(name)

    def wanted(**how):
        files = [tmp_path / f"{name}.xlsx" for name in "甲乙丙"]
        out = tmp_path / "out"
        return run(
            BatchRun(
                "check", jobs_of("check", files, how.pop("options", Options()), out), out, workers=1, **how
            )
        )

    return tmp_path, wanted


def test_a_rerun_does_what_has_changed(texts, monkeypatch):
    folder, wanted = texts
    done = counted(monkeypatch, {"乙": "failed"})
    wanted()
    assert done == ["甲.xlsx", "乙.xlsx", "丙.xlsx"]
    for change, again in (
        (lambda: None, []),
        (lambda: (folder / "甲.xlsx").write_text("甲\n改"), ["甲.xlsx"]),
        ((folder / "out/丙/丙.txt").unlink, ["丙.xlsx"]),
        (lambda: (folder / "out/核对情况.json").write_text("{"), ["甲.xlsx", "乙.xlsx", "丙.xlsx"]),
        (
            lambda: monkeypatch.setattr(engine, "program_fingerprint", lambda: "新"),
            ["甲.xlsx", "乙.xlsx", "丙.xlsx"],
        ),
    ):
        done.clear()
        change()
        entries = wanted()
        assert (done, [one.file for one in entries if one.again]) == (again, again)
        assert [one.state for one in entries] == ["done", "failed", "done"]
    done.clear()
    wanted(options=Options(edition="xinjiang-2024"))
    assert len(done) == 3


def test_retry_does_what_failed_and_nothing_else(texts, monkeypatch):
    folder, wanted = texts
    with pytest.raises(UnusableInputError, match="没有上次的"):
        wanted(retry=True)
    done = counted(monkeypatch, {"乙": "failed", "丙": "broken"})
    wanted()
    done.clear()
    (folder / "甲.xlsx").write_text("甲\n改")
    wanted(retry=True)
    assert done == ["乙.xlsx", "丙.xlsx"]
    done.clear()
    wanted()
    assert done == ["甲.xlsx", "丙.xlsx"]  # what the program broke on is tried each time


def test_what_was_written_of_an_earlier_state_is_set_aside(texts, monkeypatch):
    folder, wanted = texts
    counted(monkeypatch, {})
    wanted()
    (folder / "甲.xlsx").write_text("丁")
    entry = wanted()[0]
    assert (entry.written, entry.kept) == (("甲/丁.txt",), (("甲.txt", "甲（旧1）.txt"),))
    assert sorted(path.name for path in (folder / "out/甲").iterdir()) == ["丁.txt", "甲（旧1）.txt"]


def test_an_interrupted_run_keeps_what_is_done(texts, monkeypatch):
    folder, wanted = texts
    done = counted(monkeypatch, {})
    perform = engine.perform

    def stopped(job):
        if job.label == "丙.xlsx":
            raise KeyboardInterrupt
        return perform(job)

    monkeypatch.setattr(engine, "perform", stopped)
    with pytest.raises(InterruptedRunError, match=r"2 个已经完成，.*其余的 1 个"):
        wanted()
    assert told(folder / "out", "核对情况") == {"甲.xlsx": ("done", True), "乙.xlsx": ("done", True)}
    monkeypatch.setattr(engine, "perform", perform)
    done.clear()
    wanted()
    assert done == ["丙.xlsx"]


def test_a_place_that_cannot_be_written_is_told_and_the_others_go_on(texts, monkeypatch):
    folder, wanted = texts
    counted(monkeypatch, {})
    (folder / "out").mkdir()
    (folder / "out/乙").write_text("一个文件")
    assert [(one.state, one.remark[:12]) for one in wanted()] == [
        ("done", ""),
        ("unfinished", "这里已有一个同名的文件，"),
        ("done", ""),
    ]


@pytest.mark.parametrize(
    ("files", "told", "home"),
    [
        (["a/甲.xlsx", "a/b/甲.xlsx"], ["甲.xlsx", "b/甲.xlsx"], ["甲", "b/甲"]),
        (["a/甲.xlsx", "a/甲.docx"], ["甲.xlsx", "甲.docx"], ["甲.xlsx", "甲.docx"]),
        (["a/甲.1.xlsx", "a/甲.2.xlsx"], ["甲.1.xlsx", "甲.2.xlsx"], ["甲.1", "甲.2"]),
    ],
)
def test_no_two_files_share_a_label_or_a_place(files, told, home, tmp_path):
    named = list(labels([tmp_path / file for file in files]))
    assert (named, list(places(named))) == (told, home)


def test_documents_go_back_into_workbooks_and_are_verified_against_theirs(units, tmp_path):
    out, proofs = tmp_path / "公开", tmp_path / "核实"
    (units / "坏.xlsx").unlink()
    (units / "转化.xlsx").unlink()
    commands.run("build", units, "-o", out, "--workers", 1)
    assert commands.run("verify", out, units, "-o", proofs, "--workers", 1)[0] == 0
    assert told(proofs, "核实情况") == {"中心/信息.xlsx": ("done", True)}
    (out / "多.docx").write_bytes(b"")
    code, shown = commands.run("verify", out, units, "-o", proofs)
    assert (code, "这些公开文本没有填报表：多.docx" in shown) == (2, True)
    (out / "多.docx").unlink()
    assert commands.run("import", out, "-o", tmp_path / "读回", "--workers", 1)[0] == 0
    assert len(list((tmp_path / "读回").rglob("*.xlsx"))) == 2  # the workbook and the table


def test_many_files_want_a_folder(units):
    code, shown = commands.run("build", units)
    assert (code, "多个文件要用 -o 给出写到哪个文件夹" in shown) == (2, True)


# --- wherever it runs ---------------------------------------------------------------------------------------


def test_a_job_that_ends_its_process_is_told_and_all_others_are_done():
    results = dict(runner(doubled, workers=2).each(range(6), 6))
    assert isinstance(results.pop(3), LostError)
    assert results == {0: 0, 1: 2, 2: 4, 4: 8, 5: 10}


@pytest.fixture(scope="module")
def cluster():
    """A scheduler and two workers, each a process of its own."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address=None,
        worker_dashboard_address=None,
        silence_logs=50,
    ) as running:
        yield running


def test_a_cluster_gives_the_same_bytes_though_a_worker_is_lost_on_the_way(cluster, tmp_path):
    here, there = tmp_path / "本机", tmp_path / "集群"
    commands.run("check", UNITS, "-o", here, "--workers", 1)
    lost = the_first_that_is_given_something_is_lost(cluster)
    code, shown = commands.run("check", UNITS, "-o", there, "--scheduler", cluster.scheduler_address)
    assert (code, "合计 3 个：完成 3 个" in shown, len(lost)) == (0, True, 1)
    assert made(there) == made(here)


def the_first_that_is_given_something_is_lost(cluster):
    """Have a worker ended at that moment; it is listed then."""
    from distributed import SchedulerPlugin

    pids = {worker.worker_address: worker.pid for worker in cluster.workers.values()}
    lost = []

    class Deadly(SchedulerPlugin):
        def transition(self, key, start, finish, *args, **kwargs):
            if finish == "processing" and not lost:
                lost.append(cluster.scheduler.tasks[key].processing_on.address)
                os.kill(pids[lost[0]], signal.SIGKILL)

    cluster.scheduler.add_plugin(Deadly(), name="deadly")
    return lost


def test_a_department_is_read_by_a_cluster_as_here(cluster):
    files = (UNITS / "xinjiang-2024-transfer.xlsx",)
    here, there = (read_files(Sources(files, scheduler=at)) for at in (None, cluster.scheduler_address))
    assert here == there


def test_a_cluster_that_is_not_there_is_told(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("budgetgen.app.batch.executors.PATIENCE", 1)
    code, shown = commands.run("build", UNITS, "-o", tmp_path, "--scheduler", "tcp://127.0.0.1:9")
    assert (code, "连不上集群的调度程序" in shown) == (2, True)


def test_a_record_that_names_files_elsewhere_moves_none(units, tmp_path):
    out, kept = tmp_path / "核对", tmp_path / "勿动.txt"
    commands.run("check", units, "-o", out, "--workers", 1)
    kept.write_text("原样")
    record = out / "核对情况.json"
    told_then = json.loads(record.read_text())
    for one in told_then["files"]:
        one |= {"fingerprint": "", "written": ["../勿动.txt"]}
    record.write_text(json.dumps(told_then))
    commands.run("check", units, "-o", out, "--workers", 1)
    assert (kept.read_text(), sorted(path.name for path in tmp_path.iterdir())) == (
        "原样",
        sorted(["报送", "核对", "勿动.txt"]),
    )
