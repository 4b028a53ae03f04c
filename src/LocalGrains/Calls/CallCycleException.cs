namespace OrleansLb.LocalGrains;

/// <summary>A call that could never have been answered: it waits for a grain that waits for it. On a cluster it would have timed out.</summary>
public sealed class CallCycleException : InvalidOperationException
{
    internal CallCycleException(string chain) : base(
        $"These calls wait for each other and would never end: {chain}. Break the ring with [OneWay], [AlwaysInterleave] or [Reentrant]; "
        + "start what the caller does not wait for in a timer, or under ExecutionContext.SuppressFlow.") =>
        Chain = chain;

    /// <summary>The calls of the ring, in the order in which they were made.</summary>
    public string Chain { get; }
}
