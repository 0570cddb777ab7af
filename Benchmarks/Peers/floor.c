// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// What the machine can do: the same work as plain loops, without any structure around it. Usage:
// floor (backtest|sweep|indicators|csv) BARS.csv ROUNDS; prints one line of JSON.

#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct bars {
    size_t count;
    long *time;
    double *open, *high, *low, *close, *volume;
};

struct result {
    double final, sharpe, drawdown, sum;
    long trades;
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static char *contents(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file) exit(2);
    fseek(file, 0, SEEK_END);
    *length = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*length + 1);
    if (fread(text, 1, *length, file) != *length) exit(2);
    text[*length] = 0;
    fclose(file);
    return text;
}

static int two(const char *digits) { return (digits[0] - '0') * 10 + digits[1] - '0'; }

// Seconds since 1970 of a time of twenty characters such as 2000-01-03T00:00:00Z.
static long seconds(const char *text) {
    long year = two(text) * 100 + two(text + 2), month = two(text + 5), day = two(text + 8);
    year -= month <= 2;
    long era = year / 400, of_era = year - era * 400;
    long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    long days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
    return days * 86400 + two(text + 11) * 3600 + two(text + 14) * 60 + two(text + 17);
}

// A number of at most 15 digits, rounded correctly since both parts of the division are exact.
static const char *number(const char *text, double *value) {
    static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    long digits = 0;
    int places = 0;
    for (; *text >= '0'; text++) digits = digits * 10 + *text - '0';
    if (*text == '.')
        for (text++; *text >= '0'; text++, places++) digits = digits * 10 + *text - '0';
    *value = (double)digits / powers[places];
    return text + 1;
}

static struct bars parse(const char *text, size_t length) {
    struct bars bars = {0};
    size_t room = length / 32;
    bars.time = malloc(room * sizeof(long));
    double **columns[] = {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume};
    for (int i = 0; i < 5; i++) *columns[i] = malloc(room * sizeof(double));
    const char *end = text + length;
    text = strchr(text, '\n') + 1;
    while (text < end) {
        size_t row = bars.count++;
        bars.time[row] = seconds(text);
        text += 21;
        text = number(text, bars.open + row);
        text = number(text, bars.high + row);
        text = number(text, bars.low + row);
        text = number(text, bars.close + row);
        text = number(text, bars.volume + row);
    }
    return bars;
}

static void release(struct bars *bars) {
    free(bars->time), free(bars->open), free(bars->high), free(bars->low), free(bars->close);
    free(bars->volume);
}

// The account of one unit that is held or not, marked at each close.
struct account {
    double cash, units, last, mean, square, peak, drawdown;
    long trades;
};

static inline double step(struct account *a, int wanted, double open, double close, double fee) {
    if (wanted != (a->units != 0)) {
        if (wanted) {
            a->cash -= open * (1 + fee);
            a->units = 1;
        } else {
            a->cash += open * (1 - fee);
            a->units = 0;
            a->trades++;
        }
    }
    double equity = a->cash + a->units * close, change = equity / a->last - 1;
    a->mean += change;
    a->square += change * change;
    a->last = equity;
    if (equity > a->peak) a->peak = equity;
    double fall = a->peak - equity;
    if (fall > a->drawdown * a->peak) a->drawdown = fall / a->peak;
    return equity;
}

static struct result finish(const struct account *a, size_t count) {
    double mean = a->mean / (double)(count - 1);
    double variance = (a->square - (double)(count - 1) * mean * mean) / (double)(count - 2);
    double sharpe = mean / sqrt(variance) * sqrt(252);
    return (struct result){a->last, sharpe, a->drawdown, 0, a->trades};
}

static const struct account start = {100000, 0, 100000, 0, 0, 100000, 0, 0};

// One pass: both averages, the decision, the fill, the equity, and the sums of its figures.
static struct result backtest(const struct bars *bars, double *equity) {
    struct account account = start;
    const double *open = bars->open, *close = bars->close;
    double fast = 0, slow = 0;
    int wanted = 0;
    for (size_t i = 0; i < bars->count; i++) {
        equity[i] = step(&account, wanted, open[i], close[i], 0.0005);
        fast += close[i];
        slow += close[i];
        if (i >= 20) fast -= close[i - 20];
        if (i >= 50) slow -= close[i - 50];
        if (i >= 49) {
            double difference = fast / 20 - slow / 50;
            wanted = difference > 0 || (wanted && difference == 0);
        }
    }
    return finish(&account, bars->count);
}

static void average(const double *close, size_t count, int window, double *output) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += close[i];
        if (i >= (size_t)window) sum -= close[i - (size_t)window];
        output[i] = i + 1 >= (size_t)window ? sum / window : NAN;
    }
}

// A thousand pairs; each average is computed once.
static struct result sweep(const struct bars *bars) {
    double *averages[300] = {0}, sum = 0;
    size_t count = bars->count;
    long trades = 0;
    for (int window = 5; window < 300; window++) {
        if (!(window < 44 && window % 2 == 1) && !(window >= 50 && window % 5 == 0)) continue;
        averages[window] = malloc(count * sizeof(double));
        average(bars->close, count, window, averages[window]);
    }
    for (int f = 5; f < 44; f += 2)
        for (int s = 50; s < 300; s += 5) {
            const double *fast = averages[f], *slow = averages[s];
            struct account account = start;
            int wanted = 0;
            for (size_t i = 0; i < count; i++) {
                step(&account, wanted, bars->open[i], bars->close[i], 0.0005);
                wanted = (fast[i] > slow[i]) | (wanted & (fast[i] == slow[i]));
            }
            // What is open at the end is closed at the last close.
            if (account.units != 0) {
                account.trades++;
                account.last -= bars->close[count - 1] * 0.0005;
            }
            trades += account.trades;
            sum += account.last;
        }
    for (int window = 0; window < 300; window++) free(averages[window]);
    return (struct result){.trades = trades, .sum = sum};
}

// All seven indicators in one pass, nine columns. How they begin is left out: after a thousand bars
// nothing of it is left.
static struct result indicators(const struct bars *bars, double *out) {
    size_t n = bars->count;
    const double *high = bars->high, *low = bars->low, *close = bars->close;
    double e20 = close[0], e50 = close[0], e12 = close[0], e26 = close[0], signal = 0;
    double up7 = 0, down7 = 0, up14 = 0, down14 = 0, range3 = 0, range14 = 0, last = close[0];
    for (size_t i = 0; i < n; i++) {
        double c = close[i], change = c - last;
        double top = high[i] > last ? high[i] : last, bottom = low[i] < last ? low[i] : last;
        double up = change > 0 ? change : 0, down = change < 0 ? -change : 0;
        e20 += (c - e20) * (2.0 / 21);
        e50 += (c - e50) * (2.0 / 51);
        e12 += (c - e12) * (2.0 / 13);
        e26 += (c - e26) * (2.0 / 27);
        double line = e12 - e26;
        signal += (line - signal) * (2.0 / 10);
        up7 = (up7 * 6 + up) * (1.0 / 7), down7 = (down7 * 6 + down) * (1.0 / 7);
        up14 = (up14 * 13 + up) * (1.0 / 14), down14 = (down14 * 13 + down) * (1.0 / 14);
        range3 = (range3 * 2 + (top - bottom)) * (1.0 / 3);
        range14 = (range14 * 13 + (top - bottom)) * (1.0 / 14);
        out[i] = e20, out[n + i] = e50;
        out[2 * n + i] = line, out[3 * n + i] = signal, out[4 * n + i] = line - signal;
        out[5 * n + i] = 100 * up7 / (up7 + down7), out[6 * n + i] = 100 * up14 / (up14 + down14);
        out[7 * n + i] = range3, out[8 * n + i] = range14;
        last = c;
    }
    double sum = e20 + e50 + out[5 * n - 1] + out[6 * n - 1] + out[7 * n - 1] + range3 + range14;
    return (struct result){.sum = sum};
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    int rounds = atoi(argv[3]);
    size_t length;
    char *text = contents(argv[2], &length);
    struct bars bars = parse(text, length);
    double *room = malloc(9 * bars.count * sizeof(double));
    memset(room, 0, 9 * bars.count * sizeof(double));
    struct result result = {0};
    for (int round = 0; round <= rounds; round++) {
        double begun = now();
        if (!strcmp(argv[1], "backtest")) result = backtest(&bars, room);
        if (!strcmp(argv[1], "sweep")) result = sweep(&bars);
        if (!strcmp(argv[1], "indicators")) result = indicators(&bars, room);
        if (!strcmp(argv[1], "csv")) {
            struct bars again = parse(text, length);
            result.sum = again.close[again.count - 1];
            release(&again);
        }
        double taken = now() - begun;
        if (round == 0) printf("{\"first\": %.9f, \"warm\": [", taken);
        if (round > 0) printf("%s%.9f", round > 1 ? ", " : "", taken);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("], \"trades\": %ld, \"final_equity\": %.9f, ", result.trades, result.final);
    printf("\"sharpe\": %.12f, \"max_drawdown\": %.12f, ", result.sharpe, result.drawdown);
    printf("\"sum\": %.9f, \"peak_mb\": %ld}\n", result.sum, usage.ru_maxrss / 1024);
    release(&bars), free(room), free(text);
    return 0;
}
