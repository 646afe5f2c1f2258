import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
import psycopg
import pytest

from hub import embedded, local, processes
from hub.local import ROOT, Refusal
from hub.placement import Place

HOLD_A_SERVER = """
import sys, time
from pathlib import Path
from hub import embedded
with embedded.{how}(Path(sys.argv[1])) as cluster:
    print(cluster.place.data, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")  # making a cluster is slow, starting it again is not
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("a clone")
    yield root
    embedded.remove(root)


@pytest.fixture
def other_clone(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    embedded.remove(tmp_path)


@contextmanager
def rewritten(path: Path, text: str) -> Iterator[None]:
    before = path.read_text()
    path.write_text(text)
    yield
    path.write_text(before)


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def refusal_to_start(clone: Path) -> str:
    with pytest.raises(Refusal) as refusal, embedded.for_clone(clone):
        pass
    return str(refusal.value)


def hold_a_server(how: str, clone: Path) -> tuple[subprocess.Popen, Path]:
    """Another process that holds a server of this clone, and the server's data."""
    command = [sys.executable, "-c", HOLD_A_SERVER.format(how=how), str(clone)]
    holder = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    return holder, Path(holder.stdout.readline().strip())


def kill(holder: subprocess.Popen) -> None:
    holder.kill()
    holder.communicate()


def servers_in(data: Path) -> list[int]:
    place = Place("", data.parent, data, data, None)
    return [process.pid for process in place.servers()]


def test_for_clone_lower_cases_all_letters_whatever_our_locale(clone, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")

    with embedded.for_clone(clone) as cluster:
        assert ask(cluster.url(), "SELECT lower('ВУГІЛЛЯ')") == "вугілля"
        assert ask(cluster.url(), "SHOW server_encoding") == "UTF8"


def test_for_clone_listens_on_a_private_socket_only(clone):
    with embedded.for_clone(clone) as cluster:
        assert ask(cluster.url(), "SHOW listen_addresses") == ""
        assert cluster.place.socket.stat().st_mode & 0o777 == 0o700
        assert cluster.place.data.stat().st_mode & 0o777 == 0o700


def test_for_clone_keeps_its_data_and_leaves_no_process(clone):
    with embedded.for_clone(clone) as cluster, psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    assert cluster.place.servers() == []
    assert not cluster.place.socket.exists()

    with embedded.for_clone(clone) as cluster:
        assert ask(cluster.url(), "SELECT number FROM kept") == 7


def test_for_clone_runs_two_clones_side_by_side(clone, other_clone):
    with embedded.for_clone(clone) as ours, embedded.for_clone(other_clone) as theirs:
        addresses = [ask(one.url(), "SHOW data_directory") for one in (ours, theirs)]

    assert addresses == [str(ours.place.data), str(theirs.place.data)]


def test_for_clone_refuses_a_second_holder(clone):
    with embedded.for_clone(clone):
        refusal = refusal_to_start(clone)

    assert "in use by another command" in refusal


def test_for_clone_refuses_the_data_of_another_major_version(clone):
    with embedded.for_clone(clone) as cluster:
        data = cluster.place.data

    with rewritten(data / "PG_VERSION", "14\n"):
        assert "was made by PostgreSQL 14 and this hub brings" in refusal_to_start(clone)


def test_for_clone_says_in_one_line_why_it_does_not_start(clone):
    with embedded.for_clone(clone) as cluster:
        data = cluster.place.data

    with rewritten(data / "postgresql.conf", "no_such_setting = on\n"):
        refusal = refusal_to_start(clone)

    assert "did not start" in refusal
    assert len(refusal.splitlines()) == 1


def test_for_clone_starts_over_the_lock_file_of_another_program(clone):
    with embedded.for_clone(clone) as cluster:
        lock_file = cluster.place.data / "postmaster.pid"
        lines = lock_file.read_text().splitlines(keepends=True)
    lock_file.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))

    with embedded.for_clone(clone) as cluster:
        assert cluster.is_up()


def test_running_names_the_server_of_another_process(clone):
    holder, _ = hold_a_server("for_clone", clone)
    try:
        assert ask(embedded.running(clone), "SELECT current_database()") == "hub"
    finally:
        holder.terminate()
        holder.communicate()
    assert processes.wait_until(lambda: embedded.running(clone) is None, seconds=10)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of our death")
def test_for_clone_ends_with_a_killed_holder_and_starts_again(clone):
    holder, data = hold_a_server("for_clone", clone)
    assert servers_in(data)

    kill(holder)

    assert processes.wait_until(lambda: not servers_in(data), seconds=10)
    with embedded.for_clone(clone) as cluster:
        assert cluster.is_up()


def test_for_clone_ends_a_server_that_outlived_its_holder(clone):
    holder, _ = hold_a_server("for_clone", clone)
    earlier = Place.of(clone).postmaster()
    earlier.suspend()  # so that it cannot follow its holder at once
    kill(holder)
    waker = subprocess.Popen(["sh", "-c", f"sleep 0.5; kill -CONT {earlier.pid}"])

    with embedded.for_clone(clone) as cluster:
        assert cluster.is_up()
        assert cluster.place.servers()[0].pid != earlier.pid
    waker.wait()


def test_for_clone_starts_after_its_server_was_killed(clone):
    with embedded.for_clone(clone) as cluster:
        os.kill(cluster.process.pid, signal.SIGKILL)
        cluster.process.wait()
        assert not cluster.is_up()

    with embedded.for_clone(clone) as cluster:
        assert cluster.is_up()


def test_throw_away_leaves_nothing(clone):
    with embedded.throw_away(clone) as cluster:
        assert ask(cluster.url(), "SHOW fsync") == "off"
        assert ask(cluster.url(), "SELECT lower('ВУГІЛЛЯ')") == "вугілля"

    assert cluster.place.servers() == []
    assert not cluster.place.base.exists()


def test_throw_away_clears_what_a_killed_one_left(clone):
    holder, data = hold_a_server("throw_away", clone)
    kill(holder)
    assert processes.wait_until(lambda: not servers_in(data), seconds=10)

    with embedded.throw_away(clone):
        assert not data.exists()


def test_url_is_read_alike_by_libpq_and_by_django(clone):
    url = Place.of(clone).url()

    django = environ.Env.db_url_config(url)
    libpq = psycopg.conninfo.conninfo_to_dict(url)

    assert (django["NAME"], django["USER"]) == (libpq["dbname"], libpq["user"]) == ("hub", "hub")
    assert django["OPTIONS"] == {"host": libpq["host"]}


def test_make_refuses_a_folder_that_leads_elsewhere(clone, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(tmp_path)

    with pytest.raises(Refusal, match="is in the way"):
        Place.of(clone).make(link)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps the data outside the clone")
def test_for_clone_gives_a_new_clone_at_the_same_path_a_new_database(clone, capsys):
    with embedded.for_clone(clone) as cluster, psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE earlier ()")
    (local.var(clone) / "clone").unlink()

    with embedded.for_clone(clone) as cluster:
        assert ask(cluster.url(), "SELECT to_regclass('earlier')") is None
    assert "is set aside in" in capsys.readouterr().out
