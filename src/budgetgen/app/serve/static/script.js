"use strict";
// What makes the page handier; without it every form and link works as well.

// Files may be dropped on the box around a file field. A form that asks for one file only is sent at once.
for (const box of document.querySelectorAll(".drop")) {
  const field = box.querySelector("input");
  const over = (event) => { event.preventDefault(); box.classList.add("over"); };
  box.addEventListener("dragenter", over);
  box.addEventListener("dragover", over);
  box.addEventListener("dragleave", () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    field.focus();
    if (field.form.querySelectorAll("input[type=file][required]").length === 1 && !field.multiple && field.required) field.form.requestSubmit();
  });
}
// A file that misses the box is not opened by the browser instead of the page.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());

// A form is sent once; one that deletes something asks first.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.asks && !window.confirm(form.dataset.asks)) { event.preventDefault(); return; }
    for (const button of form.querySelectorAll("button")) { button.disabled = true; if (!button.classList.contains("quiet")) button.textContent = "正在送出……"; }
  });
}
// The browser shows a page again as it was left: its buttons are to work again.
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

// What is to be pasted elsewhere is copied by a button; selected first, for a browser that does not let a page copy.
for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try { await navigator.clipboard.writeText(field.value); button.textContent = "已复制"; }
    catch { button.textContent = document.execCommand("copy") ? "已复制" : "已选中，按 Ctrl+C"; }
  });
}

// While an order is on its way, its page tells how far it is.
const waiting = document.getElementById("waiting");
if (waiting) {
  const stage = document.getElementById("stage");
  const bar = document.getElementById("bar");
  const look = async () => {
    try {
      const told = await (await fetch(waiting.dataset.state)).json();
      if (told.ended) { window.location.reload(); return; }
      const text = (told.ahead ? `前面还有 ${told.ahead} 件，等它们做完` : told.stage || "正在准备") + (told.total ? `：第 ${told.done} 个，共 ${told.total} 个` : "") + "……";
      if (stage.textContent !== text) stage.textContent = text;
      if (told.total) { bar.max = told.total; bar.value = told.done; }
      setTimeout(look, 400);
    } catch { stage.textContent = "程序已经不在运行。重新运行 budgetgen serve，再从头开始。"; }
  };
  setTimeout(look, 300);
}

// A click on a place marks its problem, and says what the sheet beside it shows. The list stays where it is: an address
// that names a cell would make the browser move the whole page, so the sheet is asked for without it, and moves itself.
const shown = document.getElementById("shown");
const sheet = document.getElementById("sheet");
const show = (place) => {
  for (const old of document.querySelectorAll(".current")) old.classList.remove("current");
  place.closest(".problem").classList.add("current");
  sheet.contentWindow.location.replace(place.href.split("#")[0]);
};
for (const place of document.querySelectorAll("a.place")) {
  place.addEventListener("click", (event) => {
    event.preventDefault();
    show(place);
    shown.textContent = `标出了：${place.textContent}`;
  });
}
const first = document.querySelector(".problems a.place");
if (first && sheet) show(first);
const at = document.querySelector(".sheet td.at");
if (at && !window.location.hash) window.scrollTo(Math.max(0, at.offsetLeft - 200), Math.max(0, at.getBoundingClientRect().top + window.scrollY - 150));
