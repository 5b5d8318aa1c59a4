// The engine and when it is asked: loaded when there is something to check, told of every change after a short rest,
// one question at a time, the newest last.

const REST = 250; // ms without a change before the record is checked
const MEGABYTE = 1e6;

export class Judge {
  // onStatus(words, state): state is "busy", "ready" or "failed"
  constructor(root, onStatus) {
    Object.assign(this, { root, onStatus, state: "idle" });
  }

  // Resolves when the engine answers; a failure is said and can be tried again
  start() {
    this.starting ??= this.load().catch((error) => {
      this.starting = undefined;
      this.state = "failed";
      this.onStatus(`检查程序启动不了：${error.message}`, "failed");
      throw error;
    });
    return this.starting;
  }

  async load() {
    this.state = "busy";
    this.onStatus("检查程序正在载入……", "busy");
    const { Engine } = await import("./fill-engine.js").catch(() => {
      throw new Error("程序文件没有取到，请检查网络后再试。");
    });
    const engine = new Engine(this.root);
    await engine.start(({ loaded, total }) => this.progress(loaded, total));
    this.engine = engine;
    this.state = "ready";
    this.onStatus("检查程序已就绪", "ready");
  }

  progress(loaded, total) {
    const size = (bytes) => (bytes / MEGABYTE).toFixed(1);
    this.onStatus(`检查程序正在载入：${size(loaded)}${total ? ` / ${size(total)}` : ""} MB`, "busy");
  }

  // The engine may stop by itself, and can be started again
  failed(error) {
    if (error.name === "Crashed" || error.name === "Unavailable") {
      this.starting = undefined;
      this.state = "failed";
    }
    this.onStatus(`检查出了故障：${error.message}`, "failed");
  }

  async read(text) {
    await this.start();
    return this.engine.read(text);
  }

  // The file as it is now, not as it was when it was last judged
  async write(original, data) {
    await this.start();
    return this.engine.write(original, data);
  }

  // Ask again after a rest; `question` is called then, and gives what is to be judged
  later(question, onAnswer) {
    Object.assign(this, { question, onAnswer });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), REST);
  }

  stop() {
    clearTimeout(this.timer);
    this.question = undefined;
  }

  async now() {
    clearTimeout(this.timer);
    if (this.state !== "ready" || !this.question) return;
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    const { question, onAnswer } = this;
    try {
      const { original, data, name, beside, preview } = question();
      const text = await this.engine.write(original, data);
      const found = await this.engine.check(text, name, beside);
      const html = preview ? await this.engine.preview(text, name) : undefined;
      if (question === this.question) {
        onAnswer({ text, found, html });
        this.onStatus("", "ready");
      }
    } catch (error) {
      if (error.name !== "Superseded") this.failed(error);
    }
    this.asking = false;
    if (this.again) {
      this.again = false;
      this.now();
    }
  }
}
