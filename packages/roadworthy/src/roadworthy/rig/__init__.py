"""The rig: what drills stand on. It starts real things, breaks them on purpose, counts, and leaves nothing behind.

```
guardian/      Guardian: the process that is parent of all others and ends them, however the driver ends
process        Process: pid, wait, signal, stop, lines, samples          limits, command, user: how one is started
proxy          FaultProxy: the wire to a dependency, counted, and broken by a fault (connection: one of its connections)
faults/        one file per fault; each is used as `async with fault.applied_to(target) as applied`
dependencies/  one file per kind of server (programs: where its program is; started: waiting until it answers)
workspace      the copy of the subject's tree, without .env files (installed: its own virtual environment, node_modules)
environment    the subject's environment variables, built from nothing
client, load   requests with deadlines and without retries, alone or at a steady rate; every one is recorded
egress         connections to foreign addresses (sockets, family: how they are found)
host, delay    what the host allows, and how late it lets us run
ports          loopback ports; attempts: how often a closed one was asked
```
"""
