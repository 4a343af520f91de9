// Where the reader is: the first message of the open room whose text is in view, as [its seq, how far below the list's top].
() => {
  const list = document.querySelector(".messages");
  const top = (row) => row.querySelector(".body").getBoundingClientRect().top - list.getBoundingClientRect().top;
  const row = [...document.querySelectorAll("hub-message")].find((one) => top(one) >= 0);
  return [row.message.seq, top(row)];
}
