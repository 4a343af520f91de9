import { toast } from "../hub-toast.js";

/** Do something that the server may refuse; a refusal is told in passing. @returns {Promise<boolean>} whether it is done */
export async function attempt(work) {
  try {
    await work();
    return true;
  } catch (error) {
    toast({ error });
    return false;
  }
}
