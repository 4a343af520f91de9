import { t } from "../../lib/i18n.js";
import { ask } from "../hub-confirm.js";
import { toast } from "../hub-toast.js";

/** Take away somebody's picture, after a question; everybody is told by the server. */
export async function removePicture(user, csrf) {
  const question = { heading: t("card.removePicture"), text: t("card.removePictureText", { name: user.name }), confirm: t("app.delete") };
  if (!(await ask(question))) return;
  const gone = await fetch(`/avatars/${user.id}`, { method: "DELETE", headers: { "X-CSRFToken": csrf } }).then(({ ok }) => ok, () => false);
  if (!gone) toast({ text: t("error.disconnected") });
}
