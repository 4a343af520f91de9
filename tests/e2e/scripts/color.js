// The red, green and blue of the middle of a picture.
(image) => {
  const canvas = new OffscreenCanvas(1, 1);
  const pen = canvas.getContext("2d");
  pen.drawImage(image, image.naturalWidth / 2, image.naturalHeight / 2, 1, 1, 0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
}
