/** Files that were dropped or pasted. */

/** @param {DataTransfer} data @returns {{files: File[], folders: boolean}} what can be sent; folders can't */
export function filesIn(data) {
  const files = [];
  let folders = false;
  for (const item of data.items) {
    if (item.kind !== "file") continue;
    if (item.webkitGetAsEntry?.()?.isDirectory) folders = true;
    else files.push(item.getAsFile());
  }
  return { files: files.filter(Boolean), folders };
}

/** The files of a pasting, unless there is text beside them: programs put a picture of what they copy there too. */
export function pastedFiles(data) {
  return data?.files.length && !data.getData("text/plain") ? [...data.files] : [];
}
