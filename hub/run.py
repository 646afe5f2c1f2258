"""The commands behind the Makefile; ``python -m hub.run`` alone is `make run`.

manage ARGS…                 Django's commands, with the database of this clone
test ARGS…                   all checks and tests; the arguments are pytest's
with-test-database -- CMD…   any command, with an empty database that is thrown away
screens                      photograph the site for docs/screens/
reset                        delete the database of this clone and its folder ``var/``
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from hub import checks, embedded, local, processes, supervisor
from hub.local import ROOT, Refusal


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code; a ``Refusal`` becomes one line and the code 1."""
    commands = {
        "serve": serve,
        "manage": manage,
        "test": test,
        "with-test-database": with_test_database,
        "screens": screens,
        "reset": reset,
    }
    name, *rest = arguments or ["serve"]
    try:
        if name not in commands:
            raise Refusal(f"There is no command {name!r}; there are {', '.join(commands)}.")
        os.chdir(ROOT)
        return commands[name](rest)
    except Refusal as refusal:
        print(f"error: {refusal}", file=sys.stderr, flush=True)
        return 1


def serve(_arguments: list[str]) -> int:
    """Serve the hub on ``PORT`` until Ctrl-C."""
    supervisor.serve()
    return 0


def manage(arguments: list[str]) -> int:
    """Run one of Django's commands with the environment and the database of this clone."""
    with database() as variables:
        command = [sys.executable, "manage.py", *arguments]
        return processes.run_in_front(command, local.environment(variables))


def test(arguments: list[str]) -> int:
    """Run every check and then pytest, on a server of their own; stop at the first that fails."""
    environment = checks.environment()
    environment["CHROMIUM"] = checks.chromium()
    for command in checks.WITHOUT_DATABASE:
        if code := checks.run(command, environment):
            return code
    with embedded.throw_away() as cluster:
        environment |= embedded.environment(cluster.url())
        for command in checks.WITH_DATABASE:
            if code := checks.run(command, environment):
                return code
        return checks.run([*checks.PYTEST, *arguments], environment)


def with_test_database(arguments: list[str]) -> int:
    """Run any command with ``DATABASE_URL`` naming an empty database of its own."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command or not shutil.which(command[0]):
        raise Refusal("with-test-database needs a command: with-test-database -- CMD ARGS…")
    with embedded.throw_away() as cluster:
        variables = embedded.environment(cluster.url())
        return processes.run_in_front(command, checks.environment() | variables)


def screens(_arguments: list[str]) -> int:
    """Photograph pages with the starting content, on a server of their own, into docs/screens/."""
    environment = checks.environment() | {"CHROMIUM": checks.chromium()}
    with embedded.throw_away() as cluster:
        command = [*checks.PYTEST, "--quiet", "--no-header", "tests/browser/screens.py"]
        return checks.run(command, environment | embedded.environment(cluster.url()))


def reset(_arguments: list[str]) -> int:
    """Ask, then delete the database of this clone and all that is in ``var/``."""
    var = local.var()
    with local.hold(var / "run.lock", "`make run` is at work in this clone; stop it first"):
        print(f"This deletes the hub's own database and everything in {var}.")
        try:
            answer = input("Type yes to go on: ")
        except EOFError:
            answer = ""
        if answer.strip().lower() != "yes":
            print("Nothing is deleted.")
            return 1
        embedded.remove()
        shutil.rmtree(var)
    print("Deleted. The next `make run` starts anew.")
    return 0


@contextmanager
def database() -> Iterator[dict[str, str]]:
    """The variables of the database to use: the given one, else our own, started if it is not up."""
    if given := os.environ.get("DATABASE_URL"):
        yield {"DATABASE_URL": given}
    elif url := embedded.running():
        yield embedded.environment(url)
    else:
        with embedded.for_clone() as cluster:
            yield embedded.environment(cluster.url())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
