namespace OrleansLb.Kubernetes.Client.Connection;

/// <summary>The configuration of the connection is wrong or incomplete; the message says where and how to mend it.</summary>
public sealed class ConnectionException(string message, Exception? cause = null) : Exception(message, cause);
