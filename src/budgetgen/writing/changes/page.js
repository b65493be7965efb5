"use strict";
// Filters, sorts and searches the lists; keeps opinions in one file. Nothing leaves the page but by that file.
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const [mark, ...captions] = words.captions;
  const rows = [...document.querySelectorAll("table.list tbody tr")];
  const fields = (row) => [...row.querySelectorAll("td.o textarea, td.o select, td.o input")];
  const say = (text) => { document.getElementById("count").textContent = text; };
  const place = (one) => String(one).split("-")[0];
  const others = new Map(); // opinions that were read in and whose difference this page does not have
  let unsaved = false;
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
    say(`显示 ${shown} 处`);
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
    const opinions = [...others.values()];
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
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    unsaved = false;
    say(`保存了 ${opinions.length} 条意见`);
  };

  // An opinion on something that has changed since comes back to be looked at again.
  const take = (one) => {
    const row = rows.find((known) => known.dataset.mark && place(known.dataset.mark) === place(one[mark]));
    if (!row) { others.set(place(one[mark]), one); return "other"; }
    const changed = row.dataset.mark !== String(one[mark]);
    fields(row).forEach((field, n) => { field.value = one[captions[n]] || ""; });
    if (changed) fields(row)[1].value = words.reopened;
    row.classList.toggle("reopened", changed);
    return changed ? "changed" : "same";
  };

  const load = async (file) => {
    const { opinions } = JSON.parse(await file.text());
    const count = { same: 0, changed: 0, other: 0 };
    for (const one of opinions) count[take(one)] += 1;
    filter();
    say(`读入 ${opinions.length} 条，其中 ${count.changed} 条要重新核对，${count.other} 条所说的差异这里没有（保存时保留）`);
  };

  // On paper a text is as high as it is, and what is blank takes no room.
  const unroll = () => {
    for (const row of rows) {
      for (const field of fields(row)) {
        field.classList.toggle("blank", !field.value);
        if (field.tagName === "TEXTAREA") field.style.height = field.value ? `${field.scrollHeight}px` : "";
      }
    }
  };

  // Not every browser tells of a choice while it is made.
  for (const event of ["input", "change"]) {
    for (const id of ["search", "tone", "state"]) document.getElementById(id).addEventListener(event, filter);
    document.addEventListener(event, ({ target }) => { unsaved = unsaved || target.closest("td.o") !== null; });
  }
  document.getElementById("unfold").addEventListener("change", (event) => document.body.classList.toggle("unfolded", event.target.checked));
  document.getElementById("save").addEventListener("click", save);
  document.getElementById("load").addEventListener("change", (event) => {
    load(event.target.files[0]).catch(() => say("这不是意见文件"));
    event.target.value = "";
  });
  window.addEventListener("beforeprint", unroll);
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  for (const head of document.querySelectorAll("table.list th")) head.addEventListener("click", () => sort(head));
})();
