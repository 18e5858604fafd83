"""Execute notebooks through the tslab kernel; exit 1 if any cell fails.

usage: run_notebooks.py [-j 2] [--out DIR | --save] [--timeout S] [--expect-failure] NOTEBOOK...

All kernels are started from one process: jupyter_client remembers the ports it gave away only within a process, so
two processes side by side now and then start two kernels on one port.
"""

import argparse
import asyncio
import os
import pathlib
import sys
import tempfile
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = pathlib.Path(__file__).resolve().parent.parent
GUARD = ROOT / "scripts" / "notebook-guard.cjs"

# Run after the last cell: gives a rejection or a timer that the last cell left behind the time to fail.
DRAIN_CELL = "await new Promise((resolve) => setTimeout(resolve, 100));"


def prepare_environment():
    os.environ["JUPYTER_PATH"] = str(ROOT / "jupyter")
    preload = f'--require "{GUARD.as_posix()}"'
    os.environ["NODE_OPTIONS"] = f"{os.environ.get('NODE_OPTIONS', '')} {preload}".strip()


class Execution:
    """One attempt at one notebook: the executed notebook and what went wrong."""

    def __init__(self, path, timeout):
        self.path, self.timeout = path, timeout
        self.notebook = nbformat.read(path, as_version=4)
        self.problems = []
        self.kernel_started = True
        self.kernel_stderr = ""

    async def run(self):
        self.notebook.cells.append(nbformat.v4.new_code_cell(DRAIN_CELL))
        client = NotebookClient(
            self.notebook,
            kernel_name="tslab",
            timeout=self.timeout,
            startup_timeout=120,
            iopub_timeout=30,
            on_cell_executed=self.check_reply,
            resources={"metadata": {"path": str(self.path.parent)}},
        )
        with tempfile.TemporaryFile() as stderr:
            try:
                await client.async_execute(stderr=stderr)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                if not self.problems:
                    self.problems.append(f"{type(error).__name__} after {client.code_cells_executed} cells")
            except RuntimeError as error:
                self.kernel_started = False
                self.problems.append(f"the kernel did not start: {error}")
            stderr.seek(0)
            self.kernel_stderr = stderr.read().decode(errors="replace")
        self.notebook.cells.pop()
        self.remove_timings()
        return self

    def check_reply(self, cell, cell_index, execute_reply):
        # "error" is a failed cell; "abort" is a cell that tslab skipped after one.
        status = execute_reply["content"]["status"]
        if status != "ok":
            self.problems.append(f"cell {cell_index}: {status}")

    def remove_timings(self):
        """What is left depends on the code alone, so that a second run gives the same file."""
        for cell in self.notebook.cells:
            cell.metadata.pop("execution", None)

    def report(self):
        """The problems and, for each, what the cells and the kernel itself printed as errors."""
        lines = [f"  {problem}" for problem in self.problems]
        if self.problems:
            for index, cell in enumerate(self.notebook.cells):
                for output in cell.get("outputs", []):
                    if output.output_type == "stream" and output.name == "stderr":
                        lines += [f"  --- stderr of cell {index}", output.text.rstrip()]
            if self.kernel_stderr.strip():
                lines += ["  --- stderr of the kernel", self.kernel_stderr.rstrip()]
        return "\n".join(lines)


async def execute(path, options, gate):
    """Execute one notebook, tell its outcome, and return whether it was the right one."""
    async with gate:
        start = time.time()
        execution = await Execution(path, options.timeout).run()
        if not execution.kernel_started:
            print(f"retry {path}: {execution.problems[0]}", flush=True)
            execution = await Execution(path, options.timeout).run()
        seconds = time.time() - start

    failed = bool(execution.problems)
    if options.save and not failed:
        nbformat.write(execution.notebook, path)
    elif not options.save:
        options.out.mkdir(parents=True, exist_ok=True)
        nbformat.write(execution.notebook, options.out / path.name)

    if options.expect_failure:
        return tell_expected_failure(path, execution, seconds)
    print(f"{'FAIL' if failed else 'ok  '} {path} {seconds:.1f} s", flush=True)
    if failed:
        print(execution.report(), flush=True)
    return not failed


def tell_expected_failure(path, execution, seconds):
    """A bad notebook names, in its metadata, a text that the report of its failure must hold."""
    wanted = execution.notebook.metadata["fails_with"]
    report = execution.report()
    right = bool(execution.problems) and wanted in report
    print(f"{'ok  ' if right else 'FAIL'} {path} {seconds:.1f} s, should fail with: {wanted}", flush=True)
    if not right:
        print(report or "  it passed", flush=True)
    return right


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-j", type=int, default=2, help="notebooks at a time (default 2)")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("build/notebooks"), help="folder to write to")
    parser.add_argument("--save", action="store_true", help="write the outputs into the notebooks themselves")
    parser.add_argument("--timeout", type=int, default=1800, help="seconds a cell may take (default 1800)")
    parser.add_argument("--expect-failure", action="store_true", help="pass if the notebook fails as it says it will")
    parser.add_argument("notebooks", nargs="+", type=pathlib.Path)
    return parser.parse_args()


async def main():
    options = parse_options()
    prepare_environment()
    gate = asyncio.Semaphore(options.j)
    outcomes = await asyncio.gather(*[execute(path, options, gate) for path in options.notebooks])
    print(f"{sum(outcomes)} passed, {len(outcomes) - sum(outcomes)} failed", flush=True)
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
