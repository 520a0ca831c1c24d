// SPDX-License-Identifier: Apache-2.0
// Runs the laboratory's encoder and decoder on commands from a file: driver COMMANDS ANSWERS
//
//   N channels             a new stream                        (all numbers 4 bytes)
//   E type group index columns { channel n times values }      -> bytes overhead frame
//   D bytes frame                                              -> status [columns { ... }]
#include "alec_frame.c"

static FILE *in, *out;

static int get(void) {
    int value = 0;
    if (fread(&value, 4, 1, in) != 1) exit(3);
    return value;
}

static void put(int value) { fwrite(&value, 4, 1, out); }

static void encode(AlecEncoder *encoder) {
    int type = get(), group = get(), index = get(), columns = get();
    AlecColumn *column = calloc((size_t)columns, sizeof *column);
    for (int i = 0; i < columns; i++) {
        column[i].channel = get();
        column[i].n = get();
        size_t bytes = 8 * (size_t)column[i].n;
        void *times = malloc(bytes), *values = malloc(bytes);
        if (fread(times, 1, bytes, in) != bytes || fread(values, 1, bytes, in) != bytes) exit(3);
        column[i].times = times;
        column[i].values = values;
    }
    const uint8_t *frame;
    size_t overhead;
    size_t size = alecEncode(encoder, type, 0, (uint32_t)group, (uint32_t)index, column, columns,
                             &frame, &overhead);
    put((int)size);
    put((int)overhead);
    fwrite(frame, 1, size, out);
    for (int i = 0; i < columns; i++) {
        free((void *)column[i].times);
        free((void *)column[i].values);
    }
    free(column);
}

static void decode(AlecDecoder *decoder) {
    static uint8_t frame[ALEC_MAX_FRAME];
    int size = get();
    if (fread(frame, 1, (size_t)size, in) != (size_t)size) exit(3);
    const AlecColumn *column;
    int columns;
    int status = alecDecode(decoder, frame, (size_t)size, &column, &columns);
    put(status);
    if (status != ALEC_OK) return;
    put(columns);
    for (int i = 0; i < columns; i++) {
        put(column[i].channel);
        put(column[i].n);
        fwrite(column[i].times, 8, (size_t)column[i].n, out);
        fwrite(column[i].values, 8, (size_t)column[i].n, out);
    }
}

int main(int argc, char **argv) {
    if (argc != 3 || !(in = fopen(argv[1], "rb")) || !(out = fopen(argv[2], "wb"))) return 2;
    AlecEncoder *encoder = NULL;
    AlecDecoder *decoder = NULL;
    for (int command; (command = getc(in)) != EOF;) {
        if (command == 'N') {
            if (encoder) alecEncoderFree(encoder);
            if (decoder) alecDecoderFree(decoder);
            encoder = alecEncoderNew(get(), 0);
            decoder = alecDecoderNew(ALEC_MAX_CHANNELS);
        } else if (command == 'E') {
            encode(encoder);
        } else {
            decode(decoder);
        }
    }
    return fclose(out) != 0;
}
