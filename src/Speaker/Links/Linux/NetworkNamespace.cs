using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace OrleansLb.Speaker.Links.Linux;

/// <summary>A named network namespace (<c>ip netns add NAME</c>) of this machine.</summary>
public sealed class NetworkNamespace(string name) : INetworkScope
{
    private const string Directory = "/var/run/netns";

    public string Name { get; } = name;

    /// <summary>
    /// Enters the namespace on a thread of its own and ends it: a namespace belongs to a thread, and a pool thread that kept it would take other work there.
    /// </summary>
    public T Run<T>(Func<T> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                result = open();
            }
            catch (Exception caught)
            {
                failure = ExceptionDispatchInfo.Capture(caught);
            }
        })
        { IsBackground = true, Name = $"netns {Name}" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    private void Enter()
    {
        var path = Path.Combine(Directory, Name);
        if (!File.Exists(path)) throw new LinkException($"There is no network namespace '{Name}'; 'ip netns add {Name}' makes one.");
        using var descriptor = File.OpenHandle(path);
        if (LibC.SetNamespace(descriptor, LibC.NetworkNamespaceKind) == 0) return;
        var cause = new Win32Exception(Marshal.GetLastPInvokeError());
        throw new LinkException($"Cannot enter the network namespace '{Name}': {cause.Message}. It takes root, or CAP_SYS_ADMIN.", cause);
    }
}
