// Drafts, kept by this browser under the address of this site. A browser that keeps nothing (private windows, a full
// store) is reported and never an error.

const SCOPE = `${new URL("../../", import.meta.url).pathname}fill/draft/`;

function reason(error) {
  return error?.name === "QuotaExceededError" ? "浏览器的存储满了，请删去几份旧草稿" : "这个浏览器不让网页存东西（例如无痕窗口）";
}

// Why a draft was not kept, or nothing
export function keep(draft) {
  try {
    localStorage.setItem(SCOPE + draft.id, JSON.stringify(draft));
    return "";
  } catch (error) {
    return reason(error);
  }
}

export function remove(id) {
  try {
    localStorage.removeItem(SCOPE + id);
  } catch {
    // What cannot be reached was not kept either.
  }
}

// Every draft, the newest first; what another program left under the same name is passed over
export function all() {
  const found = [];
  try {
    for (let at = 0; at < localStorage.length; at++) {
      const key = localStorage.key(at);
      if (key.startsWith(SCOPE)) found.push(read(localStorage.getItem(key)));
    }
  } catch {
    return [];
  }
  return found.filter(Boolean).sort((a, b) => b.saved - a.saved);
}

export function read(text) {
  try {
    const draft = JSON.parse(text);
    const whole = draft?.id && draft.state?.texts && draft.state.raw && draft.state.lists && draft.state.more;
    return whole && Array.isArray(draft.state.rows) ? draft : undefined;
  } catch {
    return undefined;
  }
}

export const newId = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
