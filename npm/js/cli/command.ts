import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a command of the shell that finds the broker in `KAFKA_BROKERS`; gives its exit code, or 128 and the number of the signal that ended it.
 * Signals are the command's to answer: this process lives as long as it.
 */
export function runCommand(command: string, bootstrap: string): Promise<number> {
  // At a terminal, a Ctrl-C reaches the command by itself. Elsewhere it is the leader of a group, so that signals reach what its shell has started.
  const isLeader = process.platform !== 'win32' && !process.stdin.isTTY;
  const child = spawn(command, {
    shell: true,
    stdio: 'inherit',
    env: { ...process.env, KAFKA_BROKERS: bootstrap },
    detached: isLeader,
  });
  const passOn = (signal: NodeJS.Signals) => {
    if (child.pid === undefined || (!isLeader && FROM_TERMINAL.includes(signal))) return;
    try {
      if (isLeader) process.kill(-child.pid, signal);
      else child.kill(signal);
    } catch {
      // It has ended in this very moment.
    }
  };
  for (const signal of SIGNALS) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const one of SIGNALS) process.off(one, passOn);
      resolve(code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0));
    });
  });
}

const FROM_TERMINAL: NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const SIGNALS: NodeJS.Signals[] = [...FROM_TERMINAL, 'SIGTERM', 'SIGHUP', 'SIGUSR2'];
