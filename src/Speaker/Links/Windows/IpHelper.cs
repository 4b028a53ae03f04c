using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansLb.Speaker.Links.Windows;

/// <summary>What .NET does not offer of the system's tables (<c>iphlpapi</c>): routes, and word of changes to routes and interfaces.</summary>
internal static partial class IpHelper
{
    private const string Library = "iphlpapi";
    private const ushort AnyFamily = 0;
    private const int TableOffset = 8; // of MIB_IPFORWARD_TABLE2: a count, padding, the rows

    /// <summary>Reads every route of both families that leaves by a network.</summary>
    public static unsafe List<ForwardRow> ReadRoutes()
    {
        Check(GetIpForwardTable2(AnyFamily, out var table));
        try
        {
            var rows = new ReadOnlySpan<byte>((void*)(table + TableOffset), checked(*(int*)table * ForwardRow.Length));
            var routes = new List<ForwardRow>();
            for (; !rows.IsEmpty; rows = rows[ForwardRow.Length..])
            {
                if (ForwardRow.Read(rows) is { } route) routes.Add(route);
            }
            return routes;
        }
        finally
        {
            FreeMibTable(table);
        }
    }

    /// <summary>Calls <paramref name="changed"/>, on a thread of the system's, whenever a route changes, until the handle is disposed.</summary>
    public static unsafe SafeHandle FollowRoutes(Action changed)
    {
        var context = GCHandle.Alloc(changed);
        return Following(NotifyRouteChange2(AnyFamily, &Changed, GCHandle.ToIntPtr(context), 0, out var handle), handle, context);
    }

    /// <summary>Likewise for interfaces: that one comes, goes, or gains or loses its carrier.</summary>
    public static unsafe SafeHandle FollowInterfaces(Action changed)
    {
        var context = GCHandle.Alloc(changed);
        return Following(NotifyIpInterfaceChange(AnyFamily, &Changed, GCHandle.ToIntPtr(context), 0, out var handle), handle, context);
    }

    private static Subscription Following(uint error, nint handle, GCHandle context)
    {
        if (error != 0) context.Free();
        Check(error);
        return new(handle, context);
    }

    private static void Check(uint error)
    {
        if (error != 0) throw new LinkException($"Windows refused to tell of its interfaces and routes: {new Win32Exception((int)error).Message}");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvStdcall)])]
    private static void Changed(nint context, nint row, int kind) => (GCHandle.FromIntPtr(context).Target as Action)?.Invoke();

    [LibraryImport(Library)]
    private static partial uint GetIpForwardTable2(ushort family, out nint table);

    [LibraryImport(Library)]
    private static partial void FreeMibTable(nint table);

    [LibraryImport(Library)]
    private static unsafe partial uint NotifyRouteChange2(ushort family, delegate* unmanaged[Stdcall]<nint, nint, int, void> callback, nint context,
        byte initial, out nint handle);

    [LibraryImport(Library)]
    private static unsafe partial uint NotifyIpInterfaceChange(ushort family, delegate* unmanaged[Stdcall]<nint, nint, int, void> callback, nint context,
        byte initial, out nint handle);

    [LibraryImport(Library)]
    private static partial uint CancelMibChangeNotify2(nint handle);

    /// <summary>Ends with the last call that was under way: the system waits for it.</summary>
    private sealed class Subscription : SafeHandle
    {
        private readonly GCHandle _context;

        public Subscription(nint handle, GCHandle context)
            : base(0, ownsHandle: true)
        {
            _context = context;
            SetHandle(handle);
        }

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            var ended = CancelMibChangeNotify2(handle) == 0;
            if (ended) _context.Free();
            return ended;
        }
    }
}
