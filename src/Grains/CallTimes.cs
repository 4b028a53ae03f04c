namespace OrleansLb.Grains;

/// <summary>How long callers wait for answers.</summary>
public static class CallTimes
{
    /// <summary>
    /// Of what a grain does from memory and may be asked for twice: an answer can be lost with a silo without anybody's noticing, and what waits for it is an
    /// election. Longer than a directory without memory waits for nodes and record.
    /// </summary>
    public const string Quick = "00:00:03";
}
