// Runs before the first paint, so that a chosen theme never flashes in the other colours.
(function () {
  var chosen = 'auto';
  try { chosen = localStorage.getItem('marsad-scheme') || 'auto'; } catch (e) { /* private window */ }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
