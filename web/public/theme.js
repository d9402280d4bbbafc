// Runs before the first paint, so that a look chosen earlier does not flash up in the other one.
const look = localStorage.getItem('tocsin.look')
if (look === 'light' || look === 'dark') document.documentElement.dataset.look = look
