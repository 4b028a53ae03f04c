namespace Orleans;

/// <summary>Why an activation ends.</summary>
public readonly struct DeactivationReason
{
    /// <summary>A reason in words.</summary>
    public DeactivationReason(DeactivationReasonCode code, string text) : this(code, null, text) { }

    /// <summary>A reason that an exception gave.</summary>
    public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text) =>
        (ReasonCode, Exception, Description) = (code, exception, text);

    /// <summary>The reason in words.</summary>
    public string Description { get; }

    /// <summary>The kind of reason.</summary>
    public DeactivationReasonCode ReasonCode { get; }

    /// <summary>The exception behind it, if any.</summary>
    public Exception? Exception { get; }

    /// <inheritdoc/>
    public override string ToString() =>
        Exception is null ? $"{ReasonCode}: {Description}" : $"{ReasonCode}: {Description}. Exception: {Exception}";
}

/// <summary>The kinds of reason for which an activation ends.</summary>
public enum DeactivationReasonCode : byte
{
    /// <summary>None given.</summary>
    None,
    /// <summary>The silo stops.</summary>
    ShuttingDown,
    /// <summary><see cref="Grain.OnActivateAsync"/> failed.</summary>
    ActivationFailed,
    /// <summary>The grain directory failed.</summary>
    DirectoryFailure,
    /// <summary>Nobody called for a long time.</summary>
    ActivationIdle,
    /// <summary>It no longer answers.</summary>
    ActivationUnresponsive,
    /// <summary>There is another activation of the same grain.</summary>
    DuplicateActivation,
    /// <summary>A call came for a version that it is not.</summary>
    IncompatibleRequest,
    /// <summary>The grain failed.</summary>
    ApplicationError,
    /// <summary>The grain asked for it.</summary>
    ApplicationRequested,
    /// <summary>It moves to another silo.</summary>
    Migrating,
    /// <summary>The silo asked for it.</summary>
    RuntimeRequested,
    /// <summary>Memory is short.</summary>
    HighMemoryPressure,
}
