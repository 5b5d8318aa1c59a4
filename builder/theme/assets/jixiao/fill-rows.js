// What is done to one row of the grid with a pointer: its menu, and dragging it to another place.

import { element } from "./fill-dom.js";
import { INDICATORS, slotKey, slots } from "./fill-record.js";

export class Rows {
  constructor(grid) {
    Object.assign(this, { grid, desk: grid.desk });
    grid.table.addEventListener("click", (event) => this.click(event));
    grid.table.addEventListener("keydown", (event) => this.key(event));
    grid.table.addEventListener("pointerdown", (event) => this.grab(event));
    document.addEventListener("pointerdown", ({ target }) => {
      if (this.menu && !this.menu.parentElement.contains(target)) this.close();
    });
  }

  click({ target }) {
    const remove = target.closest("[data-remove]");
    const menu = target.closest("[data-menu]");
    if (remove) this.grid.remove(Number(remove.dataset.remove));
    else if (menu && menu.getAttribute("aria-expanded") === "false") this.open(menu);
    else if (!target.closest("[role=menu]")) this.close();
  }

  open(opener) {
    this.close();
    const { grid, desk } = this;
    const id = Number(opener.dataset.menu);
    const row = desk.state.rows.find((one) => one.id === id);
    const name = desk.state.texts[`${INDICATORS}/${id}/三级指标`] ?? "";
    const elsewhere = slots(desk.state, grid.form).filter((slot) => !slot.strange && slotKey(slot.level1, slot.level2) !== slotKey(row.level1, row.level2));
    this.menu = element(
      "div",
      { role: "menu", className: "fill-menu", "aria-label": "这一条" },
      this.item("上移", () => grid.step(id, -1)),
      this.item("下移", () => grid.step(id, 1)),
      this.item("在下面加一条", () => grid.add(row, id)),
      name && this.item("写豁免", () => desk.waive({ 指标: name })),
      ...elsewhere.map((slot) => this.item(`移到 ${slot.level1} › ${slot.level2}`, () => grid.transfer(id, slot))),
    );
    opener.setAttribute("aria-expanded", "true");
    opener.after(this.menu);
    this.menu.firstChild.focus();
  }

  item(words, does) {
    const chosen = () => {
      this.close();
      does();
    };
    return element("button", { type: "button", role: "menuitem", tabIndex: -1, onclick: chosen }, words);
  }

  close() {
    const opener = this.menu?.previousElementSibling;
    opener?.setAttribute("aria-expanded", "false");
    if (this.menu?.contains(document.activeElement)) opener.focus();
    this.menu?.remove();
    this.menu = undefined;
  }

  key(event) {
    if (!this.menu?.contains(event.target)) return;
    const items = [...this.menu.children];
    const at = items.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Tab") this.close();
    if (to === undefined && event.key !== "Escape") return;
    event.preventDefault();
    if (to === undefined) this.close();
    else items.at(to % items.length).focus();
  }

  grab(event) {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button) return;
    const id = Number(grip.dataset.grip);
    let over;
    const mark = (row, after) => {
      over?.row.classList.remove("fill-over", "fill-under");
      over = row && { row, after };
      row?.classList.add(after ? "fill-under" : "fill-over");
    };
    const move = ({ clientX, clientY }) => {
      const row = document.elementFromPoint(clientX, clientY)?.closest?.(".fill-grid tbody tr");
      const { top, height } = row?.getBoundingClientRect() ?? {};
      mark(row, row && (clientY > top + height / 2 || row.classList.contains("fill-slot-row")));
    };
    const end = ({ type }) => {
      grip.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) grip.removeEventListener(name, end);
      const drop = over;
      mark();
      if (type === "pointerup" && drop) this.drop(id, drop);
    };
    grip.setPointerCapture(event.pointerId);
    grip.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) grip.addEventListener(name, end);
  }

  drop(id, { row, after }) {
    const { level1, level2 } = row.parentElement.dataset;
    const next = after ? row.nextElementSibling : row;
    const before = next ? Number(next.dataset.row) : undefined;
    if (before !== id) this.grid.transfer(id, { level1, level2 }, before);
  }
}
