// `npm start`: what a newcomer sees first. Its lines are for people wherever they end up, in a log as well, so stdout counts as
// a terminal without colours here; from the program itself a pipe gets names and values.
if (!process.stdout.isTTY) Object.assign(process.stdout, { isTTY: true, columns: 80, getColorDepth: () => 1 });

await import(new URL('../bin/instamed-poll.js', import.meta.url).href);
