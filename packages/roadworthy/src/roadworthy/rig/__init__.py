"""The rig: what drills stand on. It starts real things, breaks them on purpose, counts, and leaves nothing behind.

```
guardian       Guardian: the process that is parent of all others and ends them, however the driver ends
process        Process: pid, wait, signal, stop, lines, samples
limits         Limits: descriptors, memory, file size, processor seconds of one process
proxy          FaultProxy: the wire to a dependency, counted, and broken by a fault
faults/        one file per fault; every one is used as `async with fault.applied_to(target) as applied`
dependencies/  one file per kind of server: postgres, redis
workspace      the copy of the subject's tree, without .env files
environment    the subject's environment variables, built from nothing
client, load   requests with deadlines and without retries, alone or at a steady rate; every one is recorded
ports, host, delay, egress   free ports, what the host allows, its scheduling delay, connections to foreign addresses
```
"""
