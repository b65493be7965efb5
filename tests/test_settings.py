"""The office's own defaults: `budgetgen.toml`."""

from __future__ import annotations

import pytest

from tests.commands import run
from tests.conftest import SAMPLES

UNIT = SAMPLES / "xinjiang-2026-unit.xlsx"


def with_settings(folder, text, *call):
    (folder / "budgetgen.toml").write_text(text, encoding="utf-8")
    return run(*call, cwd=folder)


def test_defaults_stand_for_what_is_not_typed_and_are_told(tmp_path):
    text = '[build]\noutput = "公开"\ndata = true\n\n[new]\nedition = "xinjiang-2025"\n'
    code, told = with_settings(tmp_path, text, "build", UNIT)
    names = {
        path.name.removeprefix("2026年乌鲁木齐科技信息服务中心单位预算公开")
        for path in (tmp_path / "公开").iterdir()
    }
    assert (code, names) == (0, {".docx", "（补全）.xlsx", "（数据）.zip"})
    assert f"（按设置文件 budgetgen.toml：--output {tmp_path / '公开'}，--data）" in told


def test_what_is_typed_goes_before_the_settings(tmp_path):
    text = '[new]\nedition = "xinjiang-2025"\noutput = "甲.xlsx"\n'
    code, told = with_settings(tmp_path, text, "new", "--edition", "xinjiang-2024")
    assert (code, sorted(path.name for path in tmp_path.iterdir())) == (0, ["budgetgen.toml", "甲.xlsx"])
    assert f"（按设置文件 budgetgen.toml：--output {tmp_path / '甲.xlsx'}）" in told
    assert "xinjiang-2025" not in told


def test_the_folder_at_hand_goes_before_the_users_own(tmp_path, monkeypatch):
    own = tmp_path / "配置" / "budgetgen"
    own.mkdir(parents=True)
    (own / "budgetgen.toml").write_text('[new]\noutput = "乙.xlsx"\n', encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "配置"))
    here = tmp_path / "这里"
    here.mkdir()
    assert run("new", cwd=here)[0] == 0
    assert (own / "乙.xlsx").exists()
    assert with_settings(here, '[new]\noutput = "甲.xlsx"\n', "new")[0] == 0
    assert [path.name for path in here.glob("*.xlsx")] == ["甲.xlsx"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[build]\noutpt = "公开"\n', "不认识 [build] 里的 outpt，您是否指 output"),
        ("[build]\ndebug = true\n", "不认识 [build] 里的 debug"),
        ('[build]\nscheduler = "tcp://10.0.0.5:8786"\n', "不认识 [build] 里的 scheduler"),
        ("[biuld]\n", "不认识 [biuld]，您是否指 build"),
        ('edition = "xinjiang-2026"\n', "edition 不在哪个命令下面"),
        ("[build]\ndata = 1\n", "data 的值要写成 true 或 false"),
        ("[build]\nworkers = true\n", "workers 的值要写成 文字或整数"),
        ("[build]\noutput = [1]\n", "output 的值要写成 文字或整数"),
        ("[build\n", "设置读不出来"),
        ('[build]\nformat = "xml"\n', "--format 只能是 text、json"),
    ],
)
def test_a_slip_in_the_settings_is_told_and_nothing_is_done(tmp_path, text, told):
    code, said = with_settings(tmp_path, text, "build", UNIT, "-o", tmp_path / "公开")
    assert (code, told in said) == (2, True), said
    assert not (tmp_path / "公开").exists()
