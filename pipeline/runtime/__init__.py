"""The environment of the stages: processes, optional programs, the machine and object stores."""
