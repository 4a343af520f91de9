import { t } from "../../lib/i18n.js";
import { later } from "../../lib/later.js";
import { toast } from "../hub-toast.js";

/**
 * Let somebody choose an emoji beside `anchor`. The picker and its words are loaded when it is first opened.
 *
 * @param {HTMLElement} anchor
 * @returns {Promise<string | null>} null when it was closed without a choice
 */
export async function openEmojiPicker(anchor) {
  try {
    const { pickEmoji } = await later(() => import("../hub-emoji-picker.js"));
    return await pickEmoji(anchor);
  } catch {
    toast({ text: t("emoji.failed") });
    return null;
  }
}
