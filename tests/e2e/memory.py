"""Where a text lies in the memory of running processes: the pids as arguments, the texts as JSON lines on stdin.

Answers one JSON object: pid to the number of places, for each text. A text is looked for as it is, as UTF-16, and as base64
at each of its three offsets; one that begins with "re:" is a pattern. Needs the right to look into other processes.
"""

import array
import base64
import json
import re
import sys


def forms(text):
    raw = text.encode()
    found = {raw, text.encode("utf-16-le")}
    for offset in range(3):
        # What stands before and behind it decides the first and last letters.
        coded = base64.b64encode(b"\0" * offset + raw)
        found.add(coded[4 if offset else 0 : len(coded) - 4])
    return b"|".join(re.escape(form) for form in found)


PAGE = 4096
BIG = 64 << 20


def spans(pid, start, end):
    """What of it is there: an engine reserves more than any computer has."""
    if end - start <= BIG:
        return [(start, end)]
    found = []
    with open(f"/proc/{pid}/pagemap", "rb", 0) as pages:
        at = start
        while at < end:
            pages.seek(at // PAGE * 8)
            entries = array.array("Q", pages.read(min(BIG // PAGE, (end - at) // PAGE) * 8))
            if not entries:
                break
            for number, entry in enumerate(entries) if any(entries) else ():
                # In memory, or swapped.
                if entry >> 62:
                    page = at + number * PAGE
                    if found and found[-1][1] == page:
                        found[-1] = (found[-1][0], page + PAGE)
                    else:
                        found.append((page, page + PAGE))
            at += len(entries) * PAGE
    return found


def memory(pid):
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            span, rights, *_ = line.split()
            # What is written to: code and read-only data hold nothing of a person's.
            if rights[0] != "r" or rights[1] != "w" or "[v" in line:
                continue
            for start, end in spans(pid, *(int(end, 16) for end in span.split("-"))):
                try:
                    mem.seek(start)
                    yield line.split()[5:], mem.read(end - start)
                except OSError:
                    # A device's, or gone meanwhile.
                    continue


def main():
    texts = [json.loads(line) for line in sys.stdin if line.strip()]
    patterns = [re.compile(text[3:].encode() if text.startswith("re:") else forms(text)) for text in texts]
    answer = {}
    for pid in sys.argv[1:]:
        counts = [0] * len(texts)
        where = []
        for name, piece in memory(pid):
            for number, pattern in enumerate(patterns):
                hits = [hit.start() for hit in pattern.finditer(piece)]
                counts[number] += len(hits)
                for hit in hits[:3]:
                    # Around it, with the text itself left out.
                    before = re.sub(rb"[^ -~]", b".", piece[max(0, hit - 60) : hit]).decode()
                    where.append([number, " ".join(name) or "anonymous", before])
        answer[pid] = {"counts": counts, "where": where[:20]}
    print(json.dumps(answer))


main()
