// The shop's own script. The chat may not be there yet when it runs: what it asks for waits.

window.Minicom =
  window.Minicom ||
  function () {
    (window.Minicom.q = window.Minicom.q || []).push(arguments);
  };

document.getElementById('ask').addEventListener('click', () => window.Minicom('open'));

// Whoever signs out leaves nothing in the chat either.
document.getElementById('sign-out').addEventListener('click', () => window.Minicom('shutdown'));
