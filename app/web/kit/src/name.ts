/** The application's own name in storage, from `<html data-app="…">`. `public/boot.js` reads it there, too. */
export const APP = document.documentElement.dataset.app ?? "app";
