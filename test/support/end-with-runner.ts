/*
 * Loaded before a test by scripts/test.ts: when the runner is gone, in whatever way, the test ends, and with it what it started.
 */
process.on('disconnect', () => process.exit(1))
// To listen would keep the test from its own end.
process.channel?.unref()
