namespace OrleansLb.Silo.Lab.Routers;

/// <summary>Finds the programs of routing daemons: installed on this machine, or where lb has unpacked their packages.</summary>
internal static class RouterProgram
{
    /// <summary>lb says here where it has unpacked them.</summary>
    private const string UnpackedVariable = "ORLEANSLB_PEERS";

    /// <summary>Which of the daemon's programs is not there, and how it is got; null when all are.</summary>
    public static string? Missing(RouterKind kind)
    {
        try
        {
            foreach (var (package, path) in LabRouter.ProgramsOf(kind)) Find(package, path);
            return null;
        }
        catch (OperatorException missing)
        {
            return missing.Message;
        }
    }

    /// <param name="package">The Debian package that brings it.</param>
    /// <param name="path">Where that package puts it.</param>
    public static string Find(string package, string path)
    {
        var unpacked = Environment.GetEnvironmentVariable(UnpackedVariable) is { Length: > 0 } folder ? folder + path : null;
        foreach (var candidate in (ReadOnlySpan<string?>)[path, unpacked])
        {
            if (File.Exists(candidate)) return candidate;
        }
        throw new OperatorException($"The router's program {path} is not there: './lb lab' unpacks the Debian package {package} by itself for the scenarios "
            + $"with a router; or install it: apt-get install {package}");
    }
}
