// Reloads an open preview page when its edition changes, and shows what is wrong while the data has errors.
const events = new EventSource("/__jixiao/events");
let shown = null;

function banner() {
  let box = document.getElementById("jixiao-trouble");
  if (!box) {
    box = document.createElement("pre");
    box.id = "jixiao-trouble";
    box.setAttribute("role", "alert");
    Object.assign(box.style, {
      position: "fixed", inset: "auto 0 0 0", margin: "0", padding: "1rem", maxHeight: "50vh", overflow: "auto",
      zIndex: "1000", whiteSpace: "pre-wrap", font: "14px/1.6 monospace", color: "#fff", background: "#8a1c1c",
    });
    document.body.append(box);
  }
  return box;
}

events.addEventListener("message", (event) => {
  const { number, trouble } = JSON.parse(event.data);
  if (trouble) {
    banner().textContent = trouble;
  } else if (shown !== null && number !== shown) {
    location.reload();
  } else {
    document.getElementById("jixiao-trouble")?.remove();
  }
  shown = trouble ? -1 : number;
});
