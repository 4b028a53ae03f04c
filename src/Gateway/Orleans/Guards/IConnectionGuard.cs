namespace OrleansLb.Gateway;

/// <summary>Which end of a connection this is.</summary>
internal enum ConnectionEnd
{
    Dialled,
    Accepted,
}

/// <summary>
/// Lets a connection between silos begin only between those who may talk. A stranger is an <see cref="StrangerException"/> or a failure of any kind.
/// </summary>
internal interface IConnectionGuard
{
    /// <summary>The stream to go on with, which owns the one that came.</summary>
    Task<Stream> Pass(Stream stream, ConnectionEnd end, CancellationToken cancellation);
}

/// <summary>The other end could not show that it is one of us.</summary>
internal sealed class StrangerException(string message, Exception? cause = null) : Exception(message, cause);
