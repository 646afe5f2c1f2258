"""A mail server that takes all letters, in a process of its own: it tells its port at once, and when its
input ends how many letters each address got."""

import asyncio
import json
import sys
from collections import Counter

ANSWERS = {b"EHLO": b"250 sink\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


async def converse(
    received: Counter[str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    writer.write(b"220 sink\r\n")
    to: list[str] = []
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"RCPT":
            to.append(line.decode().partition("<")[2].partition(">")[0])
        writer.write(ANSWERS.get(word, b"250 OK\r\n"))
        if word == b"DATA":
            await reader.readuntil(b"\r\n.\r\n")
            received.update(to)
            to = []
            writer.write(b"250 taken\r\n")
        if word == b"QUIT":
            break
    writer.close()


async def main() -> None:
    received: Counter[str] = Counter()

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await converse(received, reader, writer)

    server = await asyncio.start_server(taken, "127.0.0.1", 0, limit=2**24)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    print(json.dumps(received), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
