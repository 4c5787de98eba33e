"""Which encoder serves, what its index holds, and moving to another one."""
