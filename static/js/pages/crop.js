/**
 * Choosing the square of a picture that is to be shown, before it is sent: by dragging, pinching and the wheel, with keys and
 * a slider. Without a script the form sends the whole picture, and its middle is taken.
 */

const SIDE = 512;
const MOST_ZOOM = 5;
const STEP = 12;

/** @param {HTMLFormElement} form with a field for a file, and its words as data */
export function crop(form) {
  const field = form.querySelector("input[type=file]");
  form.querySelector("button").hidden = true;
  field.addEventListener("change", async () => {
    const [file] = field.files;
    if (!file) return;
    let picture;
    try {
      picture = await createImageBitmap(file);
    } catch {
      picture = null;
    }
    field.value = "";
    open(form, picture);
  });
}

function open(form, picture) {
  const words = form.dataset;
  const dialog = make("dialog", { className: "ask crop" });
  dialog.setAttribute("aria-labelledby", "crop-heading");
  const heading = make("h2", { id: "crop-heading", textContent: words.heading });
  const error = make("p", { className: "error", textContent: picture ? "" : words.broken });
  error.setAttribute("role", "alert");
  const cancel = make("button", { className: "button quiet", textContent: words.cancel });
  const save = make("button", { className: "button", textContent: words.save });
  const row = make("div");
  row.append(cancel, save);
  dialog.append(heading);
  if (picture) {
    const view = new View(picture, words);
    dialog.append(view.canvas, view.slider, make("p", { id: "crop-hint", className: "hint", textContent: words.hint }));
    save.addEventListener("click", () => send(form, view, save, error));
  } else {
    save.hidden = true;
  }
  dialog.append(error, row);
  cancel.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** The picture in a square: which part of it is seen, and what moves it. */
class View {
  #picture;
  #zoom = 1;
  /** The middle of what is seen, in pixels of the picture. */
  #x;
  #y;
  #fingers = new Map();

  constructor(picture, words) {
    this.#picture = picture;
    this.#x = picture.width / 2;
    this.#y = picture.height / 2;
    this.canvas = make("canvas", { width: SIDE, height: SIDE, tabIndex: 0 });
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", words.heading);
    this.canvas.setAttribute("aria-describedby", "crop-hint");
    this.slider = make("input", { type: "range", min: "1", max: String(MOST_ZOOM), step: "0.01", value: "1" });
    this.slider.setAttribute("aria-label", words.zoom);
    this.slider.addEventListener("input", () => this.#scale(Number(this.slider.value)));
    this.canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.#scale(this.#zoom * Math.exp(-event.deltaY / 400));
    }, { passive: false });
    this.canvas.addEventListener("keydown", (event) => this.#onKey(event));
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.#fingers.set(event.pointerId, [event.clientX, event.clientY]);
    });
    this.canvas.addEventListener("pointermove", (event) => this.#onMove(event));
    for (const type of ["pointerup", "pointercancel"]) this.canvas.addEventListener(type, (event) => this.#fingers.delete(event.pointerId));
    this.#draw();
  }

  /** @returns {Promise<Blob>} */
  blob() {
    return new Promise((resolve, reject) => {
      this.canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/webp", 0.92);
    });
  }

  /** How many pixels of the picture the square's side has. */
  get #span() {
    return Math.min(this.#picture.width, this.#picture.height) / this.#zoom;
  }

  #onKey(event) {
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    if (event.key in moves) this.#move(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.#scale(this.#zoom * 1.1);
    else if (event.key === "-" || event.key === "−") this.#scale(this.#zoom / 1.1);
    else return;
    event.preventDefault();
  }

  #onMove(event) {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const apart = this.#apart();
    this.#fingers.set(event.pointerId, [event.clientX, event.clientY]);
    const share = 1 / this.#fingers.size;
    if (apart) this.#scale(this.#zoom * (this.#apart() / apart));
    const perPixel = SIDE / this.canvas.clientWidth;
    this.#move((before[0] - event.clientX) * perPixel * share, (before[1] - event.clientY) * perPixel * share);
  }

  /** How far two fingers are from each other; 0 where there are not two. */
  #apart() {
    if (this.#fingers.size !== 2) return 0;
    const [[ax, ay], [bx, by]] = [...this.#fingers.values()];
    return Math.hypot(ax - bx, ay - by);
  }

  #scale(zoom) {
    this.#zoom = Math.max(1, Math.min(zoom, MOST_ZOOM));
    this.slider.value = String(this.#zoom);
    this.#draw();
  }

  /** By pixels of the square. */
  #move(x, y) {
    this.#x += (x * this.#span) / SIDE;
    this.#y += (y * this.#span) / SIDE;
    this.#draw();
  }

  #draw() {
    const { width, height } = this.#picture;
    const half = this.#span / 2;
    this.#x = Math.max(half, Math.min(this.#x, width - half));
    this.#y = Math.max(half, Math.min(this.#y, height - half));
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, SIDE, SIDE);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(this.#picture, this.#x - half, this.#y - half, 2 * half, 2 * half, 0, 0, SIDE, SIDE);
  }
}

async function send(form, view, button, error) {
  button.disabled = true;
  error.textContent = "";
  try {
    const body = new FormData(form);
    body.set("picture", await view.blob(), "picture.webp");
    // The page that it leads to says that it is done, and says so only once: to whoever reads it.
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (response.type === "opaqueredirect") return location.reload();
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    error.textContent = page.querySelector(".portrait .error")?.textContent.trim() || form.dataset.failed;
  } catch {
    error.textContent = form.dataset.failed;
  }
  button.disabled = false;
}

const make = (name, properties = {}) => Object.assign(document.createElement(name), properties);
