// Helps for reading: large text, remembered on this device; the page read aloud by the browser itself; wide tables
// of hand-written pages that can be scrolled with the keyboard; and the official form, which on a phone is laid out
// as a list, still announced as a table. Loaded in the head, so that large text is there before anything is painted; the buttons come with the page.
"use strict";

(() => {
  const root = document.documentElement;
  const enlarge = (on) => root.classList.toggle("jx-large", on);
  enlarge(__md_get("__large") === true);

  const speech = window.speechSynthesis;

  function parts() {
    const shown = [...document.querySelectorAll(".md-content__inner :is(h1, h2, h3, p, li, caption, th, td, dt, dd)")];
    return shown
      .filter((one) => one.checkVisibility() && !one.querySelector("p, li, th, td"))
      .map((one) => one.innerText.trim())
      .filter(Boolean);
  }

  function read(button) {
    if (speech.speaking) {
      speech.cancel();
      return;
    }
    const texts = parts();
    texts.forEach((text, index) => {
      const words = new SpeechSynthesisUtterance(text);
      words.lang = "zh-CN";
      if (index === texts.length - 1) words.onend = () => button.setAttribute("aria-pressed", "false");
      speech.speak(words);
    });
    button.setAttribute("aria-pressed", "true");
  }

  // Browsers may forget what a cell is once it is laid out as something else.
  function announce(table) {
    table.setAttribute("role", "table");
    for (const body of table.tBodies) body.setAttribute("role", "rowgroup");
    for (const row of table.rows) {
      row.setAttribute("role", "row");
      for (const cell of row.cells) {
        cell.setAttribute("role", !cell.scope ? "cell" : cell.scope === "col" ? "columnheader" : "rowheader");
      }
    }
  }

  // The theme puts wide tables into boxes that scroll, once it has started.
  function reach() {
    for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
      if (box.scrollWidth > box.clientWidth) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", "可以左右滚动的表格");
      }
    }
  }
  addEventListener("load", reach);
  addEventListener("resize", reach);

  addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("table.target-form").forEach(announce);
    const large = document.getElementById("jx-large");
    large.hidden = false;
    large.setAttribute("aria-pressed", String(root.classList.contains("jx-large")));
    large.addEventListener("click", () => {
      const on = !root.classList.contains("jx-large");
      enlarge(on);
      __md_set("__large", on);
      large.setAttribute("aria-pressed", String(on));
      reach();
    });
    const aloud = document.getElementById("jx-aloud");
    if (speech && "checkVisibility" in Element.prototype) {
      aloud.hidden = false;
      aloud.addEventListener("click", () => read(aloud));
      addEventListener("pagehide", () => speech.cancel());
    }
  });
})();
