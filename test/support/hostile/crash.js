// Loaded before the program: brings a bug into one of its timers when it gets SIGUSR2, with CRASH_MESSAGE as what it says.
process.on('SIGUSR2', () => {
  setTimeout(() => {
    throw new RangeError(process.env['CRASH_MESSAGE']);
  }, 1);
});
