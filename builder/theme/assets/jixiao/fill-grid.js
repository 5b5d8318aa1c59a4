// The indicators as one table grouped by 一级 and 二级指标, with the keys of a spreadsheet.

import { arrange, button, element, growing, say } from "./fill-dom.js";
import { cells, placed, understood } from "./fill-paste.js";
import { INDICATORS, addRow, isBlank, moveRow, removeRow, rowsOf, slotKey, slots, stepRow, sum } from "./fill-record.js";
import { Rows } from "./fill-rows.js";

const WEIGHT = "权重";

export class Grid {
  constructor(form, desk) {
    Object.assign(this, { form, desk, rows: new Map(), groups: new Map(), shown: new Set(), start: undefined });
    this.table = element("table", { className: "fill-grid" });
    this.said = element("p", { className: "fill-sum", role: "note" });
    this.lost = element("div", { className: "fill-lost", hidden: true });
    this.extra = element("p", { className: "fill-extra" });
    this.node = element("div", {}, this.help(), this.extra, this.table, this.said, this.lost);
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("paste", (event) => this.paste(event));
    this.table.addEventListener("focusin", ({ target }) => this.enter(target));
    this.actions = new Rows(this);
  }

  help() {
    const keys = [
      ["Tab、Enter", "右边一格、下面一行；在一组的末行按 Enter 加一行，空行上再按一次到下一组"],
      ["方向键", "到旁边的格；格里有几行字时，先到字的头尾"],
      ["Alt+↑、Alt+↓", "把这一条上移、下移，可以移到别的二级指标；也可以拖左边的“⠿”"],
      ["Alt+Delete", "删去这一条"],
      ["Ctrl+Z、Ctrl+Y", "撤销、重做"],
      ["Ctrl+V", "从 Excel、Word 复制来的几行直接粘贴；带一级、二级指标列的，按列里的名称归组"],
    ];
    const list = element("dl", {}, ...keys.map(([key, words]) => element("div", {}, element("dt", {}, key), element("dd", {}, words))));
    return element("details", { className: "more fill-help" }, element("summary", {}, "按键和粘贴"), list);
  }

  // Columns that the form prints, and those that somebody asked for or that hold something
  columns(state) {
    const used = (key) => state.rows.some(({ id }) => state.texts[`${INDICATORS}/${id}/${key}`]);
    return this.form.columns.filter(({ key, printed }) => printed || this.shown.has(key) || used(key));
  }

  arrange(state) {
    const columns = this.columns(state);
    const names = columns.map(({ key }) => key).join();
    if (names !== this.names) this.begin(columns, names, state);
    const all = slots(state, this.form);
    for (const slot of all) {
      const key = slotKey(slot.level1, slot.level2);
      if (!this.groups.has(key)) this.groups.set(key, this.group(slot, key));
      this.fill(state, slot, this.groups.get(key));
    }
    const bodies = all.map(({ level1, level2 }) => this.groups.get(slotKey(level1, level2)).body);
    arrange(this.table, [this.table.caption, this.table.tHead, ...bodies]);
    this.total(state, columns);
  }

  begin(columns, names, state) {
    Object.assign(this, { names, list: columns });
    this.rows.clear();
    this.groups.clear();
    const heads = columns.map(({ key, label }) => element("th", { scope: "col", className: `fill-c-${kind(key)}` }, label || key));
    const head = element("thead", {}, element("tr", {}, ...heads, element("th", { scope: "col", className: "fill-c-tools" }, "操作")));
    this.table.replaceChildren(element("caption", { className: "visually-hidden" }, "绩效指标，按一级、二级指标分组"), head);
    this.offerColumns(state);
  }

  offerColumns() {
    const boxes = this.form.columns
      .filter(({ printed }) => !printed)
      .map(({ key }) => {
        const box = element("input", { type: "checkbox", checked: this.list.some((column) => column.key === key) });
        box.addEventListener("change", () => {
          if (box.checked) this.shown.add(key);
          else this.shown.delete(key);
          this.desk.redraw();
        });
        return element("label", {}, box, ` ${key}`);
      });
    this.extra.replaceChildren(boxes.length ? "还可以填：" : "", ...boxes);
  }

  group(slot, key) {
    const { level1, level2, mark, description } = slot;
    const add = button("＋ 加一条", () => this.add(slot), { data: { key }, "aria-label": `在${level2}下加一条` });
    const marked = mark || (slot.required ? "必填" : "");
    const name = element("span", { className: "fill-slot" }, element("span", { className: "kind" }, `${level1} › `), level2, marked && element("span", { className: "fill-mark" }, marked));
    const said = description && element("p", { className: "fill-hint" }, description);
    const head = element("th", { colSpan: this.list.length + 1, scope: "rowgroup", data: { holder: "" } }, element("div", {}, name, add), said);
    return { head: element("tr", { className: "fill-slot-row" }, head), body: element("tbody", { data: { level1, level2 } }) };
  }

  fill(state, slot, { head, body }) {
    const found = rowsOf(state, slot);
    found.forEach((row, at) => {
      if (!this.rows.has(row.id)) this.rows.set(row.id, this.row(row.id));
      const made = this.rows.get(row.id);
      for (const control of made.querySelectorAll("[data-column]")) control.setAttribute("aria-label", `${slot.level2}第 ${at + 1} 条，${control.dataset.column}`);
    });
    arrange(body, [head, ...found.map(({ id }) => this.rows.get(id))]);
  }

  row(id) {
    const parts = this.list.map(({ key }, at) => {
      const { box } = growing({ data: { key: `${INDICATORS}/${id}/${key}`, column: key, row: id, at } });
      return element("td", { data: { holder: "", label: key }, className: `fill-c-${kind(key)}` }, box);
    });
    const tools = [
      element("button", { type: "button", className: "fill-grip", data: { grip: id }, title: "拖动，或按 Alt+↑、Alt+↓", "aria-label": "移动这一条：按 Alt 和上下键" }, "⠿"),
      element("button", { type: "button", data: { menu: id }, title: "更多", "aria-label": "更多操作", "aria-haspopup": "menu", "aria-expanded": "false" }, "⋯"),
      element("button", { type: "button", data: { remove: id }, title: "删去（Alt+Delete）", "aria-label": "删去这一条" }, "✕"),
    ];
    return element("tr", { data: { row: id } }, ...parts, element("td", { className: "fill-c-tools" }, element("span", { className: "fill-tools" }, ...tools)));
  }

  total(state, columns) {
    const texts = state.rows.map(({ id }) => state.texts[`${INDICATORS}/${id}/${WEIGHT}`] ?? "");
    const wanted = this.form.weight_total;
    const any = columns.some(({ key }) => key === WEIGHT) && texts.some(Boolean);
    this.said.textContent = any ? `权重合计 ${sum(texts)}${wanted ? `，应为 ${wanted}` : ""}` : "";
    this.said.classList.toggle("differs", Boolean(any && wanted && sum(texts) !== String(wanted)));
  }

  // Moving about

  at(id, column) {
    return this.table.querySelector(`[data-row="${id}"] [data-at="${column}"]`);
  }

  // Rows as they stand on the page
  order() {
    return slots(this.desk.state, this.form).flatMap((slot) => rowsOf(this.desk.state, slot));
  }

  go(control, end) {
    if (!control) return;
    control.focus();
    control.setSelectionRange(...(end === "end" ? [control.value.length, control.value.length] : end === "start" ? [0, 0] : [0, control.value.length]));
    control.scrollIntoView({ block: "nearest" });
  }

  // Where a run of Tabs began is where Enter returns to
  enter(target) {
    if (target.dataset.at === undefined) return;
    if (this.tabbing) target.select();
    else this.start = Number(target.dataset.at);
    this.tabbing = false;
  }

  key(event) {
    const { target, key } = event;
    const id = Number(target.dataset.row ?? target.dataset.grip);
    if (event.isComposing || !id) return;
    if (event.altKey && (key === "ArrowUp" || key === "ArrowDown")) this.take(event, () => this.step(id, key === "ArrowUp" ? -1 : 1));
    else if (event.altKey && key === "Delete") this.take(event, () => this.remove(id));
    else if (target.dataset.at === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    else if (key === "Enter") this.take(event, () => this.down(id, target, event.shiftKey));
    else if (key === "Tab") this.tabbing = true;
    else if (/^Arrow/u.test(key) && !event.shiftKey) this.arrow(event, id, target);
  }

  take(event, act) {
    event.preventDefault();
    act();
  }

  arrow(event, id, target) {
    const { selectionStart, selectionEnd, value } = target;
    const tall = target.scrollHeight > parseFloat(getComputedStyle(target).lineHeight) * 2;
    const all = selectionStart === 0 && selectionEnd === value.length; // the cell as a whole, as one comes to it
    const atStart = all || (selectionStart === 0 && selectionEnd === 0);
    const atEnd = all || selectionStart === value.length;
    const column = Number(target.dataset.at);
    const rows = this.order();
    const here = rows.findIndex((row) => row.id === id);
    const moves = {
      ArrowUp: [!tall || atStart, rows[here - 1], column],
      ArrowDown: [!tall || atEnd, rows[here + 1], column],
      ArrowLeft: [atStart, column ? rows[here] : rows[here - 1], column ? column - 1 : this.list.length - 1, "end"],
      ArrowRight: [atEnd, column + 1 < this.list.length ? rows[here] : rows[here + 1], column + 1 < this.list.length ? column + 1 : 0, "start"],
    };
    const [free, row, to, end] = moves[event.key];
    if (free && row) this.take(event, () => this.go(this.at(row.id, to), end));
  }

  down(id, target, back) {
    const { state } = this.desk;
    const row = state.rows.find((one) => one.id === id);
    const rows = rowsOf(state, row);
    const order = this.order();
    const last = rows.at(-1).id === id && !back;
    if (last && !isBlank(state, this.form, row)) {
      this.add(row, id, this.start);
      return;
    }
    const next = order[order.findIndex((one) => one.id === id) + (back ? -1 : 1)];
    if (!next) return;
    // A blank last row was a way on to the next group, no more.
    if (last && rows.length > 1) this.desk.change(slotKey(row.level1, row.level2), (changing) => removeRow(changing, id));
    this.go(this.at(next.id, back ? target.dataset.at : (this.start ?? 0)));
  }

  // Changing rows

  add(slot, after, column = 0) {
    const row = this.desk.change(slotKey(slot.level1, slot.level2), (state) => addRow(state, slot, after));
    this.go(this.at(row.id, column ?? 0));
  }

  remove(id) {
    const order = this.order();
    const at = order.findIndex((row) => row.id === id);
    const row = order[at];
    this.desk.change(slotKey(row.level1, row.level2), (state) => removeRow(state, id));
    const near = this.order()[Math.min(at, this.order().length - 1)];
    if (near) this.go(this.at(near.id, 0));
    say("删去了一条，按 Ctrl+Z 可以撤销");
  }

  step(id, by) {
    const row = this.desk.state.rows.find((one) => one.id === id);
    if (!this.desk.change(slotKey(row.level1, row.level2), (state) => stepRow(state, this.form, id, by))) return;
    this.told(id);
  }

  told(id) {
    const row = this.desk.state.rows.find((one) => one.id === id);
    say(`移到${row.level2}第 ${rowsOf(this.desk.state, row).indexOf(row) + 1} 条`);
    document.activeElement?.scrollIntoView({ block: "nearest" });
  }

  // Into a group, before one of its rows or at its end
  transfer(id, slot, before) {
    this.desk.change(slotKey(slot.level1, slot.level2), (state) => moveRow(state, id, slot, before));
    this.go(this.at(id, 0));
    this.told(id);
  }

  // Pasting

  paste(event) {
    const { row: id, at } = event.target.dataset;
    const found = at === undefined ? [] : cells(event.clipboardData);
    if (!found.length || (found.length === 1 && found[0].length === 1 && !/\n/u.test(event.clipboardData.getData("text/plain").trim()))) {
      this.pasteText(event, found, at);
      return;
    }
    event.preventDefault();
    const block = understood(found, this.form);
    const lost = block.columns ? this.sort(placed(block, this.form), block.columns.some((name) => /级指标$/u.test(name ?? "") && name !== "三级指标"), Number(id)) : this.block(found, Number(id), Number(at));
    this.report(lost);
  }

  // One cell goes in at the caret, without the line breaks around it
  pasteText(event, found, at) {
    if (at === undefined) return;
    const text = found[0]?.[0] ?? "";
    event.preventDefault();
    event.target.setRangeText(text, event.target.selectionStart, event.target.selectionEnd, "end");
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Rows with their levels go into their groups; one that is there by name gets the new values
  sort({ rows, lost }, hasLevels, id) {
    let added = 0;
    let renewed = 0;
    this.desk.change(INDICATORS, (state) => {
      const taken = new Set(rows.length ? [] : [0]);
      const own = state.rows.find((row) => row.id === id);
      for (const { slot, texts } of rows) {
        const place = hasLevels ? slot : own;
        const there = rowsOf(state, place).filter((row) => !taken.has(row.id));
        const name = (row) => state.texts[`${INDICATORS}/${row.id}/三级指标`] ?? "";
        const same = there.find((row) => name(row) && name(row) === texts.三级指标);
        const row = same ?? there.find((one) => isBlank(state, this.form, one)) ?? addRow(state, place);
        taken.add(row.id);
        if (same) renewed++;
        else added++;
        for (const [key, text] of Object.entries(texts)) state.texts[`${INDICATORS}/${row.id}/${key}`] = text;
      }
    });
    this.words = `放进 ${added} 条${renewed ? `，更新 ${renewed} 条` : ""}`;
    return lost;
  }

  // A plain block lands where the caret is, row under row within the group
  block(found, id, at) {
    const lost = [];
    this.desk.change(INDICATORS, (state) => {
      const slot = state.rows.find((row) => row.id === id);
      let row = slot;
      for (const line of found) {
        row ??= addRow(state, slot);
        line.slice(0, this.list.length - at).forEach((text, right) => {
          state.texts[`${INDICATORS}/${row.id}/${this.list[at + right].key}`] = text;
        });
        const rest = line.slice(this.list.length - at).filter(Boolean);
        if (rest.length) lost.push({ row: rest, why: `“${line[0]}”右边没有栏了` });
        const rows = rowsOf(state, slot);
        row = rows[rows.indexOf(row) + 1];
      }
    });
    this.words = `放进 ${found.length} 条`;
    return lost;
  }

  report(lost) {
    say(`${this.words}${lost.length ? `，${lost.length} 处没有放进去，列在表的下面` : ""}`);
    this.lost.hidden = !lost.length;
    const rows = lost.map(({ row, why }) => element("li", {}, row.filter(Boolean).join(" | "), element("span", { className: "kind" }, why)));
    this.lost.replaceChildren(
      element("p", {}, `${this.words}。下面这些没有放进去，请自己填到合适的地方：`),
      element("ul", {}, ...rows),
      button("知道了", () => {
        this.lost.hidden = true;
      }),
    );
  }
}

const kind = (key) => ({ 三级指标: "name", 指标值: "value", 权重: "weight" })[key] ?? "note";
