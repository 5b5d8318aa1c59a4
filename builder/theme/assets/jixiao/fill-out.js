// The way out: the changed lines, the file, and the code host's own page for a new or a changed file.

import { button, copy, element, say } from "./fill-dom.js";

const AROUND = 2; // unchanged lines shown around a change
const MOST = 1500; // lines beyond which the lines are not compared
const LONGEST = 7000; // characters of an address that servers on the way let pass
const STEM_BYTES = 180;

// Lines

// [sign, line] for every line: " " in both, "-" only before, "+" only after
export function difference(before, after) {
  const [a, b] = [before, after].map((text) => (text === "" ? [] : text.replace(/\n$/u, "").split("\n")));
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const same = (lines) => lines.map((line) => [" ", line]);
  const middle = changed(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [...same(a.slice(0, start)), ...middle, ...same(end ? a.slice(-end) : [])];
}

function changed(a, b) {
  if (a.length > MOST || b.length > MOST) return [...a.map((line) => ["-", line]), ...b.map((line) => ["+", line])];
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const found = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push([" ", a[i++]]);
      j++;
    } else if (j >= b.length || (i < a.length && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) found.push(["-", a[i++]]);
    else found.push(["+", b[j++]]);
  }
  return found;
}

// The changed lines with a few around them; a gap is [“…”, ""]
export function excerpt(lines) {
  const near = (at) => lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(([sign]) => sign !== " ");
  const found = [];
  lines.forEach((line, at) => {
    if (near(at)) found.push(line);
    else if (found.at(-1)?.[0] !== "…") found.push(["…", ""]);
  });
  return found;
}

// Names

export function stem(name) {
  const fit = name.normalize("NFC").replace(/[^\p{L}\p{N}_-]+/gu, "").replace(/^[-_]+/u, "");
  let short = fit;
  while (new TextEncoder().encode(short).length > STEM_BYTES) short = [...short].slice(0, -1).join("");
  return short;
}

// The address of a page of the code host; `whole`: the text stands in it
export function hostAddress(template, { path, text }) {
  const [folder, name] = [path.slice(0, path.lastIndexOf("/")), path.slice(path.lastIndexOf("/") + 1)];
  const inPath = (part) => part.split("/").map(encodeURIComponent).join("/");
  const fill = (content) =>
    template
      .replaceAll("{path}", () => inPath(path))
      .replaceAll("{folder}", () => inPath(folder))
      .replaceAll("{name}", () => encodeURIComponent(name))
      .replaceAll("{text}", () => encodeURIComponent(content));
  const address = fill(text);
  const whole = template.includes("{text}") && address.length <= LONGEST;
  return { address: whole ? address : fill(""), whole };
}

export function save(name, text, media) {
  const address = URL.createObjectURL(new Blob([text], { type: media }));
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

// The section of the page

export class Out {
  constructor(desk) {
    this.desk = desk;
    this.folder = element("code", {});
    this.stem = element("input", { type: "text", id: "fill-stem", autocomplete: "off", spellcheck: false });
    this.stem.addEventListener("input", () => desk.rename(this.stem.value));
    this.stemHint = element("p", { className: "fill-hint" });
    this.lines = element("pre", { className: "fill-diff", tabIndex: 0, role: "region", "aria-label": "改动的行" });
    this.about = element("p", {});
    this.note = element("p", { className: "notice", hidden: true });
    this.hostLink = button("", () => this.hand((text) => this.open(text)), { className: "primary" });
    this.buttons = element(
      "p",
      { className: "fill-buttons" },
      button("下载文件", () => this.hand((text) => this.download(text)), { className: "primary", id: "fill-download" }),
      this.hostLink,
      button("复制全文", () => this.hand(async (text) => this.say((await copy(text)) ? "全文已经复制。" : "复制不了，请用“下载文件”。"))),
      button("把草稿存成文件", () => desk.saveDraft(), { title: "拿到别的电脑上接着填；在开始页打开这个文件" }),
    );
    this.node = element("section", { id: "fill-out", "aria-labelledby": "fill-out-title" }, element("h2", { id: "fill-out-title" }, "交出去"), this.where(), this.about, this.lines, this.buttons, this.note);
  }

  where() {
    const name = element("span", { className: "fill-name" }, this.folder, this.stem, ".yml");
    return element("div", { className: "fill-field", data: { holder: "" } }, element("label", { htmlFor: "fill-stem" }, "文件夹和文件名"), name, this.stemHint);
  }

  showName({ folder, stem: own, fixed }) {
    this.folder.textContent = `${folder}/`;
    if (this.stem.value !== own) this.stem.value = own;
    this.stem.readOnly = fixed;
    this.stemHint.textContent = fixed ? "文件名是项目的身份，修改时不变。" : "文件名是项目的身份：以后各年度的同一项目用同一个文件名。默认取自项目名称。";
  }

  show(text, original) {
    this.text = text;
    const { host } = this.desk;
    const lines = text === undefined ? [] : difference(original ?? "", text);
    const counts = ["-", "+"].map((sign) => lines.filter(([one]) => one === sign).length);
    this.about.textContent = this.words(original, counts);
    const shown = original ? excerpt(lines) : lines;
    this.lines.hidden = !counts[0] && !counts[1];
    this.lines.replaceChildren(...shown.map(([sign, line]) => element("span", { className: { "+": "new", "-": "old" }[sign] ?? "" }, `${sign} ${line}`)));
    this.hostLink.hidden = !host;
    this.hostLink.textContent = original ? "到代码托管平台提交修改" : "到代码托管平台提交新文件";
    for (const one of this.buttons.querySelectorAll("button")) one.disabled = text === undefined && one.textContent !== "把草稿存成文件";
  }

  words(original, [less, more]) {
    if (this.text === undefined) return this.desk.whyNoText();
    if (!original) return `新文件，共 ${more} 行。`;
    return less || more ? `与原来的文件相比，去掉 ${less} 行，写入 ${more} 行，其余各行一字不动：` : "与原来的文件一样，还没有改动。";
  }

  say(words) {
    this.note.hidden = false;
    this.note.textContent = words;
    say(words);
  }

  async hand(does) {
    try {
      await does(await this.desk.latest());
    } catch (error) {
      this.say(`文件写不出来：${error.message}`);
    }
  }

  download(text) {
    const { path } = this.desk;
    save(path.slice(path.lastIndexOf("/") + 1), text, "application/yaml;charset=utf-8");
    this.desk.handed("已下载");
    this.say(`文件在浏览器的下载文件夹里。请放到 ${path}，或者交给收表的人。`);
  }

  async open(text) {
    const { path, host } = this.desk;
    const { address, whole } = hostAddress(host, { path, text });
    if (whole) this.say("内容已经填在打开的页面里，请核对后提交。");
    else {
      const copied = await copy(text);
      const how = this.desk.original ? "在打开的页面里全选原来的内容，粘贴替换，再提交" : `在打开的页面里粘贴，文件名写 ${path.slice(path.lastIndexOf("/") + 1)}，再提交`;
      this.say(copied ? `内容太长，不能放在网址里，已经复制：请${how}。` : `内容太长，不能放在网址里，浏览器又不让复制：请用“下载文件”，再到打开的页面里上传。`);
    }
    this.desk.handed("已提交");
    globalThis.open(address, "_blank", "noopener");
  }
}
