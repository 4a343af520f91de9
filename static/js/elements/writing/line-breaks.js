import { breaksHere, continued } from "../../lib/line-break.js";
import { writing } from "../../models/writing.js";
import { enterOf } from "./composer-keys.js";
import { change, selectedIn } from "./text-field.js";

/** Enter in the field for writing: it sends, or breaks the line as the place in the text wants it. */
export class LineBreaks {
  #field;
  #touch;
  #send;
  /** Whether the break that comes is to be nothing more. */
  #plain = false;

  /** @param {{field: () => HTMLTextAreaElement, touch: MediaQueryList, send: () => void}} parts */
  constructor({ field, touch, send }) {
    this.#field = field;
    this.#touch = touch;
    this.#send = send;
  }

  onEnter(event) {
    const asked = enterOf(event, { enterSends: writing.enterSends, touch: this.#touch.matches });
    this.#plain = asked === "plain";
    if (asked !== "send" || (!event.ctrlKey && !event.metaKey && !event.shiftKey && breaksHere(selectedIn(this.#field())))) return;
    event.preventDefault();
    if (!event.repeat) this.#send();
  }

  /** Here rather than at the key, since the keyboards of phones name no keys. */
  onBeforeInput(event) {
    if (event.inputType !== "insertLineBreak" && event.inputType !== "insertParagraph") return;
    const edit = this.#plain ? null : continued(selectedIn(this.#field()));
    this.#plain = false;
    if (!edit) return;
    event.preventDefault();
    change(this.#field(), edit);
  }
}
