"use strict";
// Filters, sorts and searches the lists; keeps opinions in one file. Nothing leaves the page but by that file.
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const [mark, ...captions] = words.captions;
  const rows = [...document.querySelectorAll("table.list tbody tr")];
  const fields = (row) => [...row.querySelectorAll("td.o textarea, td.o select, td.o input")];
  const value = (id) => document.getElementById(id).value.trim();

  const filter = () => {
    const search = value("search").toLowerCase(), tone = value("tone"), state = value("state");
    let shown = 0;
    for (const row of rows) {
      const typed = fields(row).map((field) => field.value);
      const text = (row.textContent + typed.join(" ")).toLowerCase();
      const fits = (!search || text.includes(search)) && (!tone || row.classList.contains(tone)) &&
        (!state || (state === "-" ? !typed.some(Boolean) : typed[1] === state));
      row.classList.toggle("hidden", !fits);
      shown += fits && !row.classList.contains("folded") ? 1 : 0;
    }
    document.getElementById("count").textContent = `显示 ${shown} 处`;
  };

  const sort = (head) => {
    const column = head.cellIndex, body = head.closest("table").tBodies[0];
    const up = head.dataset.up !== "1";
    head.dataset.up = up ? "1" : "0";
    const groups = [];
    for (const row of body.rows) {
      if (row.classList.contains("folded") && groups.length) groups[groups.length - 1].push(row);
      else groups.push([row]);
    }
    const key = (group) => group[0].cells[column].textContent.trim();
    const number = (text) => Number(text.replace(/[,%]/g, ""));
    groups.sort((a, b) => {
      const [x, y] = [key(a), key(b)], [m, n] = [number(x), number(y)];
      const order = x && y && !Number.isNaN(m) && !Number.isNaN(n) ? m - n : x.localeCompare(y, "zh");
      return up ? order : -order;
    });
    body.append(...groups.flat());
  };

  const save = () => {
    const opinions = [];
    for (const row of document.querySelectorAll("tr[data-mark]")) {
      const settled = row.closest("table").classList.contains("settled");
      const typed = settled ? [...row.cells].slice(1).map((cell) => cell.textContent) : fields(row).map((f) => f.value.trim());
      if (!typed.some(Boolean)) continue;
      const one = { [mark]: row.dataset.mark, "在哪里": row.dataset.subject };
      captions.forEach((caption, n) => { one[caption] = typed[n]; });
      opinions.push(one);
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify({ opinions }, null, 2)], { type: "application/json" }));
    link.download = words.file;
    link.click();
    URL.revokeObjectURL(link.href);
  };

  const load = async (file) => {
    const { opinions } = JSON.parse(await file.text());
    for (const one of opinions) {
      const row = rows.find((row) => (row.dataset.mark || "").split("-")[0] === String(one[mark]).split("-")[0]);
      if (!row) continue;
      fields(row).forEach((field, n) => { field.value = one[captions[n]] || ""; });
    }
    filter();
  };

  for (const id of ["search", "tone", "state"]) document.getElementById(id).addEventListener("input", filter);
  document.getElementById("unfold").addEventListener("change", (event) => document.body.classList.toggle("unfolded", event.target.checked));
  document.getElementById("save").addEventListener("click", save);
  document.getElementById("load").addEventListener("change", (event) => {
    load(event.target.files[0]).catch(() => { document.getElementById("count").textContent = "这不是意见文件"; });
  });
  for (const head of document.querySelectorAll("table.list th")) head.addEventListener("click", () => sort(head));
})();
