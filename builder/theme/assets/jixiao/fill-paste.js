// What comes from the clipboard of a spreadsheet or a word processor, as rows of cells, and where each cell belongs.

const OTHER_NAMES = {
  三级指标: ["指标名称", "三级指标名称", "绩效指标名称"],
  指标值: ["年度指标值", "目标值", "指标值及单位", "绩效指标值"],
  权重: ["分值", "分值权重", "权重分值"],
  指标解释: ["解释", "指标说明", "指标内容", "计算公式"],
  备注: ["说明"],
};
const LEVELS = ["一级指标", "二级指标"];
const SPAN = 200; // more merged rows or columns than any form has

// Cells

export function cells(clipboard) {
  const html = clipboard.getData("text/html");
  const fromTable = /<table/iu.test(html) ? table(html) : [];
  return fromTable.length ? fromTable : separated(clipboard.getData("text/plain"));
}

const tidy = (text) => text.replace(/[\s\u00a0\u3000]+/gu, " ").trim();

function cellText(cell) {
  for (const line of cell.querySelectorAll("br")) line.replaceWith(" ");
  return tidy(cell.textContent);
}

// The first table; a cell merged over rows stands in each of them, one merged over columns in the first
function table(html) {
  const found = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  const rows = [...found.rows].map(() => []);
  for (const [number, row] of [...found.rows].entries()) {
    let column = 0;
    for (const cell of row.cells) {
      while (rows[number][column] !== undefined) column++;
      const high = Math.min(cell.rowSpan || rows.length, SPAN);
      const wide = Math.min(cell.colSpan, SPAN);
      for (let down = 0; down < high && number + down < rows.length; down++) {
        for (let right = 0; right < wide; right++) rows[number + down][column + right] = right ? "" : cellText(cell);
      }
      column += wide;
    }
  }
  return even(rows);
}

// Tab-separated, with quotes around a cell that holds a line break or a quote
function separated(text) {
  const rows = [[]];
  const cell = /"((?:[^"]|"")*)"(?=[\t\n]|$)|[^\t\n]*/uy;
  const source = text.replace(/\r\n?/gu, "\n").replace(/\n+$/u, "");
  for (let at = 0; at <= source.length; ) {
    cell.lastIndex = at;
    const found = cell.exec(source);
    rows.at(-1).push(tidy(found[1] === undefined ? found[0] : found[1].replaceAll('""', '"')));
    at += found[0].length;
    if (source[at] === "\n") rows.push([]);
    at++;
  }
  return even(rows);
}

// As many cells in each row, without columns and rows that are empty throughout
function even(rows) {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const full = rows.map((row) => Array.from({ length: width }, (_, column) => row[column] ?? ""));
  const used = Array.from({ length: width }, (_, column) => full.some((row) => row[column]));
  return full.map((row) => row.filter((_, column) => used[column])).filter((row) => row.some(Boolean));
}

// Columns

const bare = (text) => text.replace(/[（(【[].*?[）)】\]]/gu, "").replace(/[\s:：、，,.．\d*＊]+/gu, "");
const short = (text) => bare(text).replace(/指标$/u, "");

function titles(form) {
  const known = new Map(LEVELS.map((level) => [bare(level), level]));
  for (const { key, label } of form.columns) {
    for (const name of [key, label, ...(OTHER_NAMES[key] ?? [])]) if (name && !known.has(bare(name))) known.set(bare(name), key);
  }
  return known;
}

// For each column what its heading says; nothing where the row is no heading
function headings(row, known) {
  const found = row.map((cell) => known.get(bare(cell)));
  return found.includes("三级指标") || found.filter(Boolean).length > 1 ? found : undefined;
}

export function levels(form) {
  const level1 = new Map(form.level1.map(({ name }) => [short(name), name]));
  const level2 = new Map();
  for (const group of form.level1) {
    for (const slot of group.level2) level2.set(short(slot.name), [...(level2.get(short(slot.name)) ?? []), { level1: group.name, level2: slot.name }]);
  }
  return { level1, level2 };
}

// Without headings: columns full of level names are levels, the others hold name, value and so on in order
function guessed(rows, form, known) {
  const width = rows[0]?.length ?? 0;
  const mostly = (column, names) => {
    const texts = rows.map((row) => row[column]).filter(Boolean);
    return texts.length > 0 && texts.filter((text) => names.has(short(text))).length * 2 > texts.length;
  };
  const columns = Array.from({ length: width });
  const second = columns.findLastIndex((_, column) => mostly(column, known.level2));
  const first = columns.findIndex((_, column) => column !== second && (second < 0 || column < second) && mostly(column, known.level1));
  if (second < 0 && first < 0) return undefined;
  if (first >= 0) columns[first] = LEVELS[0];
  if (second >= 0) columns[second] = LEVELS[1];
  const rest = form.columns.filter(({ printed }) => printed).map(({ key }) => key);
  for (let column = Math.max(first, second) + 1; column < width; column++) columns[column] = rest.shift();
  return columns;
}

// What is pasted, as { columns, rows }: columns name what each holds; without any it is a plain block
export function understood(rows, form) {
  const known = titles(form);
  const at = rows.findIndex((row) => headings(row, known));
  if (at >= 0) return { columns: headings(rows[at], known), rows: rows.slice(at + 1), before: rows.slice(0, at) };
  return { columns: guessed(rows, form, levels(form)), rows, before: [] };
}

// Each row with its 二级指标 and its cells by column; a level left empty is that of the row above.
// Rows that have no place come back with the reason.
export function placed({ columns, rows, before }, form) {
  const known = levels(form);
  const found = { rows: [], lost: before.map((row) => ({ row, why: "在表头上面" })) };
  let above = {};
  for (const row of rows) {
    const own = Object.fromEntries(columns.flatMap((column, at) => (column && row[at] ? [[column, row[at]]] : [])));
    const slot = slotOf(own, above, known, form);
    if (own[LEVELS[0]] || own[LEVELS[1]]) above = { level1: own[LEVELS[0]] ?? above.level1, level2: own[LEVELS[1]], slot };
    const texts = Object.fromEntries(Object.entries(own).filter(([key]) => !LEVELS.includes(key)));
    const left = row.filter((cell, at) => cell && !columns[at] && short(cell) !== short("绩效指标"));
    if (!texts.三级指标 && !texts.指标值) {
      if (left.length) found.lost.push({ row, why: "没有三级指标" });
    } else if (!slot) found.lost.push({ row, why: `表样里没有“${own[LEVELS[1]] || own[LEVELS[0]] || above.level2 || "它的二级指标"}”` });
    else {
      found.rows.push({ slot, texts });
      if (left.length) found.lost.push({ row: left, why: `“${texts.三级指标 ?? texts.指标值}”旁边没有对应的栏` });
    }
  }
  return found;
}

function slotOf(own, above, known, form) {
  const first = own[LEVELS[0]] ?? above.level1;
  const level1 = first && known.level1.get(short(first));
  if (own[LEVELS[1]]) {
    const all = known.level2.get(short(own[LEVELS[1]])) ?? [];
    return all.find((slot) => slot.level1 === level1) ?? (all.length === 1 ? all[0] : undefined);
  }
  if (own[LEVELS[0]] && own[LEVELS[0]] !== above.level1) {
    const group = form.level1.find(({ name }) => name === level1);
    return group?.level2.length === 1 ? { level1, level2: group.level2[0].name } : undefined;
  }
  return above.slot;
}

// Lines of a list, without the numbers that the form prints itself
export function lines(text) {
  return text
    .replace(/\r\n?/gu, "\n")
    .split("\n")
    .map((line) => line.replace(/^[\s\u3000]*(?:目标\s*\d+\s*[:：]|\d+\s*(?:[、．)）]|\.(?!\d))|[（(]\d+[）)]|[-•·*])[\s\u3000]*/u, "").trim())
    .filter(Boolean);
}
