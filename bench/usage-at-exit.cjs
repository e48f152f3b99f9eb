// Loaded into a program with --require: writes what it used to USAGE_FILE when it ends.
const { readFileSync, writeFileSync } = require('node:fs');

process.on('exit', () => {
  const { USAGE_FILE } = process.env;
  if (!USAGE_FILE) return;
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(
    USAGE_FILE,
    JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1_000, memoryMiB: peakMemoryMiB() }),
  );
});

/** What Node tells of it is the memory of whoever started us, if that is more; the kernel tells it on Linux alone. */
function peakMemoryMiB() {
  try {
    const [, kibibytes] = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return Number(kibibytes) / 1_024;
  } catch {
    return null;
  }
}
