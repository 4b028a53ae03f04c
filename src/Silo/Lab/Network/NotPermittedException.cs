namespace OrleansLb.Silo.Lab.Network;

/// <summary>This machine does not let us make network namespaces, although we are root: as in a container without the capability CAP_SYS_ADMIN.</summary>
internal sealed class NotPermittedException(string message) : Exception(message);
