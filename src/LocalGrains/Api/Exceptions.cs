namespace Orleans.Runtime;

/// <summary>A failure of the silo, not of the grain.</summary>
public class OrleansException : Exception
{
    /// <inheritdoc cref="OrleansException"/>
    public OrleansException() : base("Unexpected error.") { }

    /// <inheritdoc cref="OrleansException"/>
    public OrleansException(string message) : base(message) { }

    /// <inheritdoc cref="OrleansException"/>
    public OrleansException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A call that could not be delivered.</summary>
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message) : base(message) { }

    internal OrleansMessageRejectionException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A call that was lost with the silo, or the activation, that had it.</summary>
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    /// <inheritdoc cref="SiloUnavailableException"/>
    public SiloUnavailableException() : base("Silo unavailable") { }

    /// <inheritdoc cref="SiloUnavailableException"/>
    public SiloUnavailableException(string msg) : base(msg) { }

    /// <inheritdoc cref="SiloUnavailableException"/>
    public SiloUnavailableException(string message, Exception innerException) : base(message, innerException) { }
}
