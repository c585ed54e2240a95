/** The rows of the table of faults, and what the caller of each transport sees of each. */
import type { Fault, Transport } from '../../../mocks/faults.js'
import type { When } from './stage.js'

/** One fault. */
export interface Row {
  readonly name: string
  readonly fault: Fault
  /** It has a way: it is of the path. */
  readonly way?: true
  /** By transport and moment, as `stage.ts` writes it; a transport that is not there cannot meet it. */
  readonly seen: { readonly [T in Transport]?: { readonly [W in When]: string } }
}

/** All of them. */
export const rows: readonly Row[] = [
  {
    name: 'latency',
    fault: { type: 'latency', ms: 200 },
    way: true,
    seen: {
      http: {
        before: '1:201@240 2:201@540 3:201@1540 done 3 | answered (latency), answered (latency), answered',
        open: '1:201@40 2:201@540 3:201@1540 done 3 | answered, answered (latency), answered',
      },
      sse: {
        before:
          "open@240 1@240 2@540 3@840 4@1040 end@1040 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (latency), answered",
        open: "open@40 1@40 2@440 3@740 4@1040 end@1040 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (latency), answered",
      },
      ws: {
        before:
          "open@240 w1@480 w2@780 w3@1080 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered (latency), answered, closed (latency), closed",
        open: "open@40 w1@80 w2@580 w3@880 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (latency), closed",
      },
    },
  },
  {
    name: 'latency up',
    fault: { type: 'latency', ms: 200, only: { direction: 'up' } },
    way: true,
    seen: {
      http: {
        before: '1:201@140 2:201@440 3:201@1540 done 3 | answered (latency), answered (latency), answered',
        open: '1:201@40 2:201@440 3:201@1540 done 3 | answered, answered (latency), answered',
      },
      sse: {
        before:
          "open@140 1@140 2@440 3@740 4@1040 end@1040 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (latency), answered",
        open: "open@40 1@40 2@340 3@640 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered, answered",
      },
      ws: {
        before:
          "open@140 w1@280 w2@580 w3@880 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered (latency), answered, closed (latency), closed",
        open: "open@40 w1@80 w2@480 w3@780 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (latency), closed",
      },
    },
  },
  {
    name: 'latency down',
    fault: { type: 'latency', ms: 200, only: { direction: 'down' } },
    way: true,
    seen: {
      http: {
        before: '1:201@140 2:201@440 3:201@1540 done 3 | answered (latency), answered (latency), answered',
        open: '1:201@40 2:201@440 3:201@1540 done 3 | answered, answered (latency), answered',
      },
      sse: {
        before:
          "open@140 1@140 2@440 3@740 4@1040 end@1040 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (latency), answered",
        open: "open@40 1@40 2@440 3@740 4@1040 end@1040 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (latency), answered",
      },
      ws: {
        before:
          "open@140 w1@280 w2@580 w3@880 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered (latency), answered, closed (latency), closed",
        open: "open@40 w1@80 w2@480 w3@780 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (latency), closed",
      },
    },
  },
  {
    name: 'bandwidth',
    fault: { type: 'bandwidth', kBps: 0.1 },
    way: true,
    seen: {
      http: {
        before:
          '1:201@1010 2:201@1310 3:201@1540 done 3 | answered (bandwidth), answered (bandwidth), answered',
        open: '1:201@40 2:201@1310 3:201@1540 done 3 | answered, answered (bandwidth), answered',
      },
      sse: {
        before:
          "open@40 1@130 2@430 3@730 4@1030 end@1030 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (bandwidth), answered",
        open: "open@40 1@40 2@430 3@730 4@1030 end@1030 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (bandwidth), answered",
      },
      ws: {
        before:
          "open@40 w1@410 w2@430 w3@720 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (bandwidth), closed",
        open: "open@40 w1@80 w2@420 w3@720 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (bandwidth), closed",
      },
    },
  },
  {
    name: 'refuse',
    fault: { type: 'refuse' },
    seen: {
      http: {
        before:
          '1:Failed to fetch@40 2:Failed to fetch@340 3:201@1540 done 1 | refused (refuse), refused (refuse), answered',
        open: '1:201@40 2:Failed to fetch@340 3:201@1540 done 2 | answered, refused (refuse), answered',
      },
      sse: {
        before:
          "Failed to fetch@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | refused (refuse), answered",
        open: "open@40 1@40 2@340 3@640 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered, answered",
      },
      ws: {
        before:
          "error@40 close 1006 unclean@40 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | refused (refuse), answered, closed",
        open: "open@40 w1@80 w2@380 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed, closed",
      },
    },
  },
  {
    name: 'blackhole',
    fault: { type: 'blackhole' },
    way: true,
    seen: {
      http: {
        before:
          '1:201@1060 2:201@1360 3:201@1540 done 3 | answered (blackhole), answered (blackhole), answered',
        open: '1:201@40 3:201@1540 2:201@1810 done 3 | answered, answered, answered (blackhole)',
      },
      sse: {
        before:
          "open@1060 1@1060 2@1360 'open@1540 '1@1540 3@1660 '2@1840 4@1960 end@1960 '3@2140 '4@2440 'end@2440 | answered (blackhole), answered",
        open: "open@40 1@40 'open@1540 '1@1540 2@1810 3@1810 4@1810 end@1810 '2@1840 '3@2140 '4@2440 'end@2440 | answered (blackhole), answered",
      },
      ws: {
        before:
          "open@1060 w1@1100 w2@1400 'open@1540 'w1@1580 w3@1700 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered (blackhole), answered, closed (blackhole), closed",
        open: "open@40 w1@80 'open@1540 'w1@1580 w2@1850 w3@1850 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (blackhole), closed",
      },
    },
  },
  {
    name: 'blackhole up',
    fault: { type: 'blackhole', only: { direction: 'up' } },
    way: true,
    seen: {
      http: {
        before:
          '1:201@1060 2:201@1360 3:201@1540 done 3 | answered (blackhole), answered (blackhole), answered',
        open: '1:201@40 3:201@1540 2:201@1810 done 3 | answered, answered, answered (blackhole)',
      },
      sse: {
        before:
          "open@1060 1@1060 2@1360 'open@1540 '1@1540 3@1660 '2@1840 4@1960 end@1960 '3@2140 '4@2440 'end@2440 | answered (blackhole), answered",
        open: "open@40 1@40 2@340 3@640 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered, answered",
      },
      ws: {
        before:
          "open@1060 w1@1100 w2@1400 'open@1540 'w1@1580 w3@1700 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered (blackhole), answered, closed (blackhole), closed",
        open: "open@40 w1@80 'open@1540 'w1@1580 w2@1850 w3@1850 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (blackhole), closed",
      },
    },
  },
  {
    name: 'blackhole down',
    fault: { type: 'blackhole', only: { direction: 'down' } },
    way: true,
    seen: {
      http: {
        before:
          '1:201@1510 3:201@1540 2:201@1810 done 3 | answered (blackhole), answered, answered (blackhole)',
        open: '1:201@40 3:201@1540 2:201@1810 done 3 | answered, answered, answered (blackhole)',
      },
      sse: {
        before:
          "open@1510 1@1510 2@1510 3@1510 4@1510 end@1510 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (blackhole), answered",
        open: "open@40 1@40 'open@1540 '1@1540 2@1810 3@1810 4@1810 end@1810 '2@1840 '3@2140 '4@2440 'end@2440 | answered (blackhole), answered",
      },
      ws: {
        before:
          "open@1510 w1@1550 'open@1550 'w1@1590 w2@1850 'w2@1890 w3@2150 'w3@2190 close 1005@3040 'close 1005@3040 | answered (blackhole), answered, closed (blackhole), closed",
        open: "open@40 w1@80 'open@1540 'w1@1580 w2@1850 w3@1850 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (blackhole), closed",
      },
    },
  },
  {
    name: 'lost',
    fault: { type: 'lost' },
    way: true,
    seen: {
      http: {
        before: '1:201@40 2:201@340 3:201@1540 done 3 | answered, answered, answered',
        open: '1:201@40 3:201@1540 done 2 | answered, answered',
      },
      sse: {
        before:
          "open@40 1@40 2@340 3@640 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered, answered",
        open: "open@40 1@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered",
      },
      ws: {
        before:
          "open@40 w1@80 w2@380 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed, closed",
        open: "open@40 w1@80 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | answered, answered, closed",
      },
    },
  },
  {
    name: 'reset',
    fault: { type: 'reset' },
    seen: {
      http: {
        before:
          '1:Failed to fetch@40 2:Failed to fetch@340 3:201@1540 done 3 | reset (reset), reset (reset), answered',
        open: '1:201@40 2:Failed to fetch@380 3:201@1540 done 4 | answered, resent (reset), reset (reset), answered',
      },
      sse: {
        before:
          "Failed to fetch@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | reset (reset), answered",
        open: "open@40 1@40 network error@150 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | reset (reset), answered",
      },
      ws: {
        before:
          "error@40 close 1006 unclean@40 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | reset (reset), answered, closed",
        open: "open@40 w1@80 close 1006 unclean@170 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | answered, reset (reset), answered, closed",
      },
    },
  },
  {
    name: 'reset after 4 bytes',
    fault: { type: 'reset', afterBytes: 4 },
    seen: {
      http: {
        before:
          '1:Failed to fetch@40 2:Failed to fetch@340 3:201@1540 done 3 | reset (reset), reset (reset), answered',
        open: '1:201@40 2:Failed to fetch@340 3:201@1540 done 3 | answered, reset (reset), answered',
      },
      sse: {
        before:
          "open@40 network error@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | reset (reset), answered",
        open: "open@40 1@40 data@340 network error@340 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | reset (reset), answered",
      },
      ws: {
        before:
          "open@40 w1@80 w2@380 close 1006 unclean@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | answered, reset (reset), answered, closed",
        open: "open@40 w1@80 w2@380 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed, closed",
      },
    },
  },
  {
    name: 'truncate',
    fault: { type: 'truncate', bytes: 4 },
    seen: {
      http: {
        before:
          '1:Failed to fetch@40 2:Failed to fetch@340 3:201@1540 done 3 | truncated (truncate), truncated (truncate), answered',
        open: '1:201@40 2:Failed to fetch@340 3:201@1540 done 3 | answered, truncated (truncate), answered',
      },
      sse: {
        before:
          "open@40 network error@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | truncated (truncate), answered",
        open: "open@40 1@40 network error@340 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | truncated (truncate), answered",
      },
    },
  },
  {
    name: 'status',
    fault: { type: 'status', code: 503, retryAfter: 7 },
    seen: {
      http: {
        before: '1:503@40 2:503@340 3:201@1540 done 1 | answered (status), answered (status), answered',
        open: '1:201@40 2:503@340 3:201@1540 done 2 | answered, answered (status), answered',
      },
      sse: {
        before:
          "503@40 end@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (status), answered",
        open: "open@40 1@40 2@340 3@640 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered, answered",
      },
      ws: {
        before:
          "error@40 close 1006 unclean@40 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | answered (status), answered, closed",
        open: "open@40 w1@80 w2@380 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed, closed",
      },
    },
  },
  {
    name: 'status of a gateway',
    fault: { type: 'status', code: 502, from: 'gateway', body: 'no' },
    seen: {
      http: {
        before:
          '1:502 foreign@40 2:502 foreign@340 3:201@1540 done 1 | answered (status), answered (status), answered',
        open: '1:201@40 2:502 foreign@340 3:201@1540 done 2 | answered, answered (status), answered',
      },
      sse: {
        before:
          "502@40 end@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (status), answered",
        open: "open@40 1@40 2@340 3@640 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered, answered",
      },
      ws: {
        before:
          "error@40 close 1006 unclean@40 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | answered (status), answered, closed",
        open: "open@40 w1@80 w2@380 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed, closed",
      },
    },
  },
  {
    name: 'failTimes',
    fault: { type: 'failTimes', n: 1, fault: { type: 'refuse' } },
    seen: {
      http: {
        before: '1:Failed to fetch@40 2:201@340 3:201@1540 done 2 | refused (refuse), answered, answered',
        open: '1:201@40 2:Failed to fetch@340 3:201@1540 done 2 | answered, refused (refuse), answered',
      },
      sse: {
        before:
          "Failed to fetch@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | refused (refuse), answered",
        open: "open@40 1@40 2@340 3@640 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered, answered",
      },
      ws: {
        before:
          "error@40 close 1006 unclean@40 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | refused (refuse), answered, closed",
        open: "open@40 w1@80 w2@380 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed, closed",
      },
    },
  },
  {
    name: 'flaky',
    fault: { type: 'flaky', probability: 0.5, fault: { type: 'drop' } },
    way: true,
    seen: {
      sse: {
        before:
          "open@40 1@40 2@340 3@640 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (drop), answered",
        open: "open@40 1@40 2@340 3@640 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (drop), answered",
      },
      ws: {
        before:
          "open@40 w2@380 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (drop), closed",
        open: "open@40 w1@80 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (drop), closed",
      },
    },
  },
  {
    name: 'drop',
    fault: { type: 'drop' },
    way: true,
    seen: {
      sse: {
        before:
          "open@40 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (drop), answered",
        open: "open@40 1@40 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (drop), answered",
      },
      ws: {
        before:
          "open@40 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (drop), closed",
        open: "open@40 w1@80 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (drop), closed",
      },
    },
  },
  {
    name: 'duplicate',
    fault: { type: 'duplicate' },
    way: true,
    seen: {
      sse: {
        before:
          "open@40 1@40 1@40 2@340 2@340 3@640 3@640 4@940 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (duplicate), answered",
        open: "open@40 1@40 2@340 2@340 3@640 3@640 4@940 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (duplicate), answered",
      },
      ws: {
        before:
          "open@40 w1@80 w1@80 w1@80 w1@80 w2@380 w2@380 w2@380 w2@380 w3@680 w3@680 w3@680 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (duplicate), closed",
        open: "open@40 w1@80 w2@380 w2@380 w2@380 w2@380 w3@680 w3@680 w3@680 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (duplicate), closed",
      },
    },
  },
  {
    name: 'reorder',
    fault: { type: 'reorder' },
    way: true,
    seen: {
      sse: {
        before:
          "open@40 2@340 1@340 4@940 3@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (reorder), answered",
        open: "open@40 1@40 3@640 2@640 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (reorder), answered",
      },
      ws: {
        before:
          "open@40 w3@680 w1@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (reorder), closed",
        open: "open@40 w1@80 w2@680 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (reorder), closed",
      },
    },
  },
  {
    name: 'close',
    fault: { type: 'close', code: 1012, reason: 'soon' },
    seen: {
      sse: {
        before:
          "open@40 end@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (close), answered",
        open: "open@40 1@40 end@170 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (close), answered",
      },
      ws: {
        before:
          "open@40 close 1012@80 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | answered, closed (close), answered, closed",
        open: "open@40 w1@80 close 1012@210 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | answered, closed (close), answered, closed",
      },
    },
  },
  {
    name: 'close 1006',
    fault: { type: 'close', code: 1006 },
    seen: {
      sse: {
        before:
          "open@40 network error@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | reset (close), answered",
        open: "open@40 1@40 network error@150 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | reset (close), answered",
      },
      ws: {
        before:
          "error@40 close 1006 unclean@40 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | reset (close), answered, closed",
        open: "open@40 w1@80 close 1006 unclean@170 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | answered, reset (close), answered, closed",
      },
    },
  },
  {
    name: 'close, cut behind',
    fault: { type: 'close', code: 4000, clean: false },
    seen: {
      sse: {
        before:
          "open@40 network error@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | reset (close), answered",
        open: "open@40 1@40 network error@150 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | reset (close), answered",
      },
      ws: {
        before:
          "open@40 close 4000 unclean@40 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | answered, reset (close), answered, closed",
        open: "open@40 w1@80 close 4000 unclean@170 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | answered, reset (close), answered, closed",
      },
    },
  },
  {
    name: 'offline',
    fault: { type: 'offline' },
    seen: {
      http: {
        before:
          '1:Failed to fetch@0 2:Failed to fetch@300 3:201@1540 done 1 | offline (offline), offline (offline), answered',
        open: '1:201@40 2:Failed to fetch@300 3:201@1540 done 2 | answered, offline (offline), answered',
      },
      sse: {
        before:
          "Failed to fetch@0 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | offline (offline), answered",
        open: "open@40 1@40 'open@1540 '1@1540 2@1810 3@1810 4@1810 end@1810 '2@1840 '3@2140 '4@2440 'end@2440 | answered (offline), answered",
      },
      ws: {
        before:
          "error@0 close 1006 unclean@0 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | offline (offline), answered, closed",
        open: "open@40 w1@80 'open@1540 'w1@1580 w2@1850 w3@1850 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed (offline), closed",
      },
    },
  },
  {
    name: 'lie',
    fault: { type: 'lie', onLine: false },
    seen: {
      http: {
        before: '1:201@40 2:201@340 3:201@1540 done 3 | answered, answered, answered',
        open: '1:201@40 2:201@340 3:201@1540 done 3 | answered, answered, answered',
      },
      sse: {
        before:
          "open@40 1@40 2@340 3@640 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered, answered",
        open: "open@40 1@40 2@340 3@640 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered, answered",
      },
      ws: {
        before:
          "open@40 w1@80 w2@380 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed, closed",
        open: "open@40 w1@80 w2@380 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed, closed",
      },
    },
  },
  {
    name: 'portal',
    fault: { type: 'portal' },
    seen: {
      http: {
        before:
          '1:200 foreign@40 2:200 foreign@340 3:201@1540 done 1 | answered (portal), answered (portal), answered',
        open: '1:201@40 2:200 foreign@340 3:201@1540 done 2 | answered, answered (portal), answered',
      },
      sse: {
        before:
          "open@40 <!doctype html><title>Sign in to this network</title><h1>Welcome, guest</h1>@40 end@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (portal), answered",
        open: "open@40 1@40 2@340 3@640 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered, answered",
      },
      ws: {
        before:
          "error@40 close 1006 unclean@40 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | answered (portal), answered, closed",
        open: "open@40 w1@80 w2@380 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed, closed",
      },
    },
  },
  {
    name: 'portal that redirects',
    fault: { type: 'portal', redirect: true },
    seen: {
      http: {
        before:
          '1:Failed to fetch@40 2:Failed to fetch@340 3:201@1540 done 1 | answered (portal), answered (portal), answered',
        open: '1:201@40 2:Failed to fetch@340 3:201@1540 done 2 | answered, answered (portal), answered',
      },
      sse: {
        before:
          "Failed to fetch@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (portal), answered",
        open: "open@40 1@40 2@340 3@640 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered, answered",
      },
      ws: {
        before:
          "error@40 close 1006 unclean@40 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | answered (portal), answered, closed",
        open: "open@40 w1@80 w2@380 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed, closed",
      },
    },
  },
  {
    name: 'unauthorized',
    fault: { type: 'unauthorized' },
    seen: {
      http: {
        before:
          '1:401@40 2:401@340 3:201@1540 done 1 | answered (unauthorized), answered (unauthorized), answered',
        open: '1:201@40 2:401@340 3:201@1540 done 2 | answered, answered (unauthorized), answered',
      },
      sse: {
        before:
          "401@40 end@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (unauthorized), answered",
        open: "open@40 1@40 2@340 3@640 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered, answered",
      },
      ws: {
        before:
          "open@40 close 4401@120 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | answered, closed (unauthorized), answered, closed",
        open: "open@40 w1@80 w2@380 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed, closed",
      },
    },
  },
  {
    name: 'session unknown',
    fault: { type: 'unauthorized', why: 'session_unknown' },
    seen: {
      http: {
        before:
          '1:401@40 2:401@340 3:201@1540 done 1 | answered (unauthorized), answered (unauthorized), answered',
        open: '1:201@40 2:401@340 3:201@1540 done 2 | answered, answered (unauthorized), answered',
      },
      sse: {
        before:
          "401@40 end@40 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered (unauthorized), answered",
        open: "open@40 1@40 2@340 3@640 4@940 end@940 'open@1540 '1@1540 '2@1840 '3@2140 '4@2440 'end@2440 | answered, answered",
      },
      ws: {
        before:
          "open@40 close 4402@120 'open@1540 'w1@1580 'w2@1880 'w3@2180 'close 1005@3040 | answered, closed (unauthorized), answered, closed",
        open: "open@40 w1@80 w2@380 w3@680 'open@1540 'w1@1580 'w2@1880 'w3@2180 close 1005@3040 'close 1005@3040 | answered, answered, closed, closed",
      },
    },
  },
  {
    name: 'clockSkew',
    fault: { type: 'clockSkew', ms: 3600000 },
    seen: {
      http: {
        before:
          '1:201 skewed@40 2:201 skewed@340 3:201@1540 done 3 | answered (clockSkew), answered (clockSkew), answered',
        open: '1:201@40 2:201 skewed@340 3:201@1540 done 3 | answered, answered (clockSkew), answered',
      },
    },
  },
]
