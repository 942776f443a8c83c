# SPDX-License-Identifier: Apache-2.0
"""Boots a User-Mode Linux kernel, runs one command in it and takes down everything again.

Owns the kernel's processes, its memory file and its job folder; must not know what the command does. The command's
output goes to a file in the job folder that is copied to the caller while it grows, so that progress is seen live.
"""

import ctypes
import fcntl
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

KERNEL = "linux.uml"
INIT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "uml", "init.sh")

EXIT_TIMEOUT = 124
EXIT_LAB_BROKEN = 125

# A tmpfs inside, so that no job writes into the machine's own files.
FRESH_FOLDERS = ("/run", "/tmp", "/var/lib", "/var/tmp", "/var/log", "/var/cache")

POLL_SECONDS = 0.03
PR_SET_PDEATHSIG = 1


class LabError(Exception):
    """The lab itself cannot run; the text says why and what to do."""


def kernel_path():
    """Path of the lab kernel, or None where the package user-mode-linux is missing."""
    return shutil.which(KERNEL) or shutil.which(KERNEL, path="/usr/bin:/usr/local/bin")


def parse_size(text):
    """Bytes of '512M' or '2G'; ValueError for anything else."""
    units = {"M": 1 << 20, "G": 1 << 30}
    if len(text) < 2 or text[-1].upper() not in units or not text[:-1].isdigit() or int(text[:-1]) == 0:
        raise ValueError(f"'{text}' is not a size such as 512M or 2G")
    return int(text[:-1]) * units[text[-1].upper()]


def memory_folder(wanted):
    """A folder for the kernel's memory file of `wanted` bytes: memory first, disk where memory is small.

    The file must be executable when mapped, so a noexec mount is of no use.
    """
    seen = []
    for folder in ("/dev/shm", os.environ.get("TMPDIR"), "/tmp", "/var/tmp"):
        if not folder or not os.path.isdir(folder) or not os.access(folder, os.W_OK | os.X_OK):
            continue
        stat = os.statvfs(folder)
        if stat.f_flag & getattr(os, "ST_NOEXEC", 8):
            continue
        free = stat.f_bavail * stat.f_frsize
        seen.append(f"{folder} {free >> 20} MB")
        if free >= wanted:
            return folder
    raise LabError(f"the lab kernel needs {wanted >> 20} MB in a writable folder mounted with exec; free: "
                   + (", ".join(seen) or "none") + ". Set TMPDIR, or give it less with --mem.")


def hidden_folders(paths):
    """Those that lie below a fresh folder, each once, parents before their children."""
    return sorted({path for path in paths if any(path == folder or path.startswith(folder + "/")
                                                 for folder in FRESH_FOLDERS)} - set(FRESH_FOLDERS))


class CpuClaim:
    """One CPU for one kernel, by a file lock.

    A lab kernel is many processes that take turns by ptrace: spread over two CPUs its system calls cost four times
    as much. Two labs at once should not share a CPU while another is idle.
    """

    def __init__(self):
        cpus = sorted(os.sched_getaffinity(0), reverse=True)
        self.lock_file = None
        self.cpu = cpus[os.getpid() % len(cpus)]
        for cpu in cpus:
            lock_file = self._try_lock(cpu)
            if lock_file:
                self.lock_file, self.cpu = lock_file, cpu
                return

    @staticmethod
    def _try_lock(cpu):
        try:
            lock_file = open(os.path.join(tempfile.gettempdir(), f"halab-cpu-{cpu}.lock"), "a")
        except OSError:
            return None  # someone else's file: claims are a courtesy, not a need
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock_file
        except OSError:
            lock_file.close()
            return None

    def release(self):
        if self.lock_file:
            self.lock_file.close()


class UmlJob:
    """One command in one kernel. `run` blocks and returns the command's exit status."""

    def __init__(self, command, mem="1G", timeout=600, out=None, share=(), env=None, sink=None, is_timed=False):
        """`out`: host folder that is writable inside, under the same path. `share`: folders that must be readable
        inside even if they lie below /tmp. `sink`: binary stream for the output (default: standard output).
        `is_timed`: times are measured, so other programs must not get in between (needs root)."""
        self.command = list(command)
        self.mem = mem
        self.timeout = timeout
        self.out = os.path.abspath(out) if out else None
        self.share = [os.path.abspath(path) for path in share]
        self.env = dict(env or {})
        self.sink = sink or sys.stdout.buffer
        self.is_timed = is_timed
        self.folder = None
        self.process = None
        self.undertaker = None

    def run(self):
        if not kernel_path():
            raise LabError(f"{KERNEL} not found: install the Debian package user-mode-linux")
        memory = memory_folder(parse_size(self.mem))
        self.folder = tempfile.mkdtemp(prefix="halab-", dir="/tmp")
        memory = tempfile.mkdtemp(prefix="halab-mem-", dir=memory)
        claim = CpuClaim()
        try:
            self._write_job()
            self._start(memory, claim.cpu)
            return self._follow()
        finally:
            self.kill()
            claim.release()
            shutil.rmtree(memory, ignore_errors=True)
            shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self):
        """Ends every process of the kernel; the whole group, because each guest process is a host process."""
        if self.process is None:
            return
        self.undertaker.stdin.close()
        self.undertaker.wait()
        self.process.wait()
        self.process = None

    def _write_job(self):
        shutil.copy(INIT, os.path.join(self.folder, "init"))
        os.chmod(os.path.join(self.folder, "init"), 0o755)
        open(os.path.join(self.folder, "output"), "wb").close()
        if self.out:
            os.makedirs(self.out, exist_ok=True)
        cwd = os.getcwd()
        wanted = [cwd, os.path.dirname(os.path.dirname(INIT))] + self.share
        shares = [("ro", path) for path in hidden_folders(wanted)]  # what is not hidden is seen anyway
        if self.out:
            shares.append(("rw", self.out))
        lines = [f"export {name}={shlex.quote(value)}" for name, value in sorted(self.env.items())]
        lines.append(f"HALAB_CWD={shlex.quote(cwd)}")
        lines.append(f"HALAB_FRESH={shlex.quote(' '.join(FRESH_FOLDERS))}")
        lines += ["share_folders() {", "  :"]
        lines += [f"  share_folder {mode} {shlex.quote(path)}" for mode, path in shares]
        lines += ["}", f"run_command() {{ {shlex.join(self.command)}; }}", ""]
        with open(os.path.join(self.folder, "job.sh"), "w", encoding="utf-8") as job:
            job.write("\n".join(lines))

    def _start(self, memory, cpu):
        arguments = [kernel_path(), f"mem={self.mem}", "rootfstype=hostfs", "rootflags=/",
                     f"init={self.folder}/init", f"HALAB_JOB={self.folder}", "con=null", "con0=null,fd:2",
                     "ssl=null", "quiet", "loglevel=3", f"umid={os.path.basename(self.folder)}",
                     f"uml_dir={self.folder}/"]
        environment = dict(os.environ, TMPDIR=memory, TMP=memory, TEMP=memory)
        prctl = ctypes.CDLL(None, use_errno=True).prctl

        def prepare():
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            os.sched_setaffinity(0, {cpu})
            try:
                os.nice(-10)
                # Each system call inside is two switches between host processes; at ordinary priority a busy compiler
                # may run for milliseconds at each.
                if self.is_timed:
                    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
            except OSError:
                pass

        with open(os.path.join(self.folder, "console"), "wb") as console:
            self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                                            env=environment, start_new_session=True, preexec_fn=prepare)
        self._start_undertaker(memory)

    def _start_undertaker(self, memory):
        """Clears up when this process goes, however it goes: even SIGKILL closes the pipe that it reads."""
        script = 'read -r _; kill -9 "-$1"; sleep 0.05; rm -rf "$2" "$3"'
        self.undertaker = subprocess.Popen(
            ["sh", "-c", script, "sh", str(self.process.pid), memory, self.folder], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    def _follow(self):
        deadline = time.monotonic() + self.timeout
        with open(os.path.join(self.folder, "output"), "rb") as output:
            while True:
                ended = self.process.poll() is not None
                self._copy(output)
                if ended:
                    return self._status()
                if time.monotonic() > deadline:
                    print(f"\nlab: time limit of {self.timeout:g} s reached, kernel killed", file=sys.stderr)
                    return EXIT_TIMEOUT
                time.sleep(POLL_SECONDS)

    def _copy(self, output):
        data = output.read()
        if data:
            self.sink.write(data)
            self.sink.flush()

    def _status(self):
        try:
            with open(os.path.join(self.folder, "status"), encoding="ascii") as status:
                return int(status.read())
        except (OSError, ValueError):
            with open(os.path.join(self.folder, "console"), "rb") as console:
                tail = console.read()[-3000:].decode("utf-8", "replace")
            print(f"lab: the kernel ended before its command did; its last words:\n{tail}", file=sys.stderr)
            return EXIT_LAB_BROKEN


def end_on_signals():
    """Turns SIGTERM and SIGHUP into SystemExit, so that `finally` clauses take the kernel down."""
    def leave(number, _frame):
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
