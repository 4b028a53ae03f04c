namespace OrleansLb.Silo.Hosting;

/// <summary>Where a program keeps what must outlive it (XDG Base Directory Specification; on Windows the local application data).</summary>
internal static class StateFolder
{
    private const string Name = "orleanslb";

    public static string Default => Path.Combine(Home(Environment.GetEnvironmentVariable), Name);

    public static string Home(Func<string, string?> environment)
    {
        if (OperatingSystem.IsWindows()) return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        if (environment("XDG_STATE_HOME") is { Length: > 0 } home && Path.IsPathRooted(home)) return home;
        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
    }
}
