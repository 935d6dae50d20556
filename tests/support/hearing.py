"""Korean phones as the syllables that are heard."""


def heard(read):
    """Compose the phones of every character back into syllables."""
    sounds, place = [], 1
    counts = iter(read.word2ph[1:-1])
    for char in read.normalised_text:
        if char == " ":
            sounds.append(" ")
            continue
        phones = read.phones[place : place + next(counts)]
        place += len(phones)
        if len(phones) == 1:
            sounds.append(phones[0])
        else:
            onset, vowel = ord(phones[0]) - 0x1100, ord(phones[1]) - 0x1161
            coda = ord(phones[2]) - 0x11A7 if len(phones) == 3 else 0
            sounds.append(chr(0xAC00 + (onset * 21 + vowel) * 28 + coda))
    return "".join(sounds)
