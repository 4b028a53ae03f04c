namespace OrleansLb.Speaker.Links.Pcap;

/// <summary>
/// Counts who is using something that must not be closed under them: whoever leaves last after <see cref="TryClose"/> closes it. The library's own calls on a
/// closed device end the process, and nobody is to wait for a reader.
/// </summary>
/// <param name="close">Called once, by the last user.</param>
internal sealed class SharedUse(Action close)
{
    private const int Closing = int.MinValue;

    /// <summary>How many use it, the owner among them; negative once it is to be closed.</summary>
    private int _users = 1;

    /// <summary>Begins a use, which <see cref="End"/> ends; false once it is to be closed.</summary>
    public bool TryBegin()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users) return true;
            users = seen;
        }
        return false;
    }

    /// <summary>Lets nobody begin any more. True for the first who calls it: its use ends with <see cref="End"/> too.</summary>
    public bool TryClose() => Interlocked.Or(ref _users, Closing) > 0;

    public void End()
    {
        if (Interlocked.Decrement(ref _users) == Closing) close();
    }
}
