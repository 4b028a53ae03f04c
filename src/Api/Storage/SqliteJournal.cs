using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Storage;

/// <summary>
/// Keeps the objects in a SQLite file (write-ahead log, synced at each commit). One commit carries whatever decisions were
/// taken while the last one was on its way to the disk, so that many writers share one sync.
/// </summary>
public sealed class SqliteJournal : IObjectJournal
{
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA locking_mode = EXCLUSIVE;
        CREATE TABLE IF NOT EXISTS objects (
            api_group TEXT NOT NULL, resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
            revision INTEGER NOT NULL, json BLOB NOT NULL, PRIMARY KEY (api_group, resource, namespace, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS store (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL);
        INSERT OR IGNORE INTO store VALUES (1, 1);
        """;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _remove;
    private readonly SqliteCommand _reach;

    private SqliteJournal(SqliteConnection connection)
    {
        _connection = connection;
        _put = Prepare(
            "INSERT OR REPLACE INTO objects VALUES ($group, $resource, $namespace, $name, $revision, $json)",
            "$group", "$resource", "$namespace", "$name", "$revision", "$json");
        _remove = Prepare(
            "DELETE FROM objects WHERE api_group = $group AND resource = $resource AND namespace = $namespace AND name = $name",
            "$group", "$resource", "$namespace", "$name");
        _reach = Prepare("UPDATE store SET revision = $revision", "$revision");
    }

    /// <exception cref="IOException">The file cannot be opened, or another process has it.</exception>
    public static SqliteJournal Open(string directory)
    {
        var file = Path.Combine(directory, "objects.db");
        try
        {
            Directory.CreateDirectory(directory);
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 1 }.ToString());
            connection.Open();
            using (var command = connection.CreateCommand())
            {
                command.CommandText = Schema;
                command.ExecuteNonQuery();
            }
            return new(connection);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED)
        {
            throw new IOException($"{file} is in use by another process: stop it, or choose another data directory.", error);
        }
        catch (Exception error) when (error is SqliteException or UnauthorizedAccessException)
        {
            throw new IOException($"{file} cannot be opened: {error.Message}", error);
        }
    }

    public StoreImage Load()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT revision FROM store";
        var revision = (long)command.ExecuteScalar()!;
        command.CommandText = "SELECT api_group, resource, revision, json FROM objects";
        using var reader = command.ExecuteReader();
        return StoreImage.Of(revision, [.. Read(reader).ToList().AsParallel().Select(row => StoredObject.Thaw(row.Resource, row.Revision, row.Json))]);
    }

    private static IEnumerable<(GroupResource Resource, long Revision, byte[] Json)> Read(SqliteDataReader reader)
    {
        var resource = new GroupResource("", "");
        while (reader.Read())
        {
            var (group, name) = (reader.GetString(0), reader.GetString(1));
            // the rows come in the order of their key: few resources have them all
            if ((group, name) != (resource.Group, resource.Name)) resource = new(group, name);
            yield return (resource, reader.GetInt64(2), (byte[])reader[3]);
        }
    }

    public void Commit(ImmutableArray<StoreChange> changes)
    {
        try
        {
            using var transaction = _connection.BeginTransaction();
            foreach (var change in changes) Write(change, transaction);
            Run(_reach, transaction, changes[^1].Revision);
            transaction.Commit();
        }
        catch (SqliteException error)
        {
            throw new IOException($"the change cannot be written to {_connection.DataSource}: {error.Message}", error);
        }
    }

    public void Dispose()
    {
        _put.Dispose();
        _remove.Dispose();
        _reach.Dispose();
        _connection.Dispose();
    }

    private void Write(StoreChange change, SqliteTransaction transaction)
    {
        var (resource, key) = (change.Current.Resource, change.Current.Key);
        if (change.Deleted) Run(_remove, transaction, resource.Group, resource.Name, key.Namespace, key.Name);
        else Run(_put, transaction, resource.Group, resource.Name, key.Namespace, key.Name, change.Revision, change.Current.Bytes);
    }

    private static void Run(SqliteCommand command, SqliteTransaction transaction, params ReadOnlySpan<object> values)
    {
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }
}
